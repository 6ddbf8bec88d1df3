import {
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  type ListPodIdentityAssociationsCommandOutput,
} from '@aws-sdk/client-eks';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { Clients } from '../ports/clients.ts';
import { identityDocument } from './identity-policies.ts';
import { jsonValue } from './json-schema.ts';

/** An association as it is. Texts are null where EKS has none. */
export const associationSchema = z.object({
  region: z.nullable(z.string()),
  cluster: z.string(),
  associationId: z.string(),
  namespace: z.string(),
  serviceAccount: z.string(),
  roleArn: z.string(),
  targetRoleArn: z.nullable(z.string()),
  disableSessionTags: z.boolean(),
  /** A text where it is no document. */
  policy: jsonValue,
  externalId: z.nullable(z.string()),
  /** The add-on that it belongs to. */
  ownerArn: z.nullable(z.string()),
});

export type Association = z.infer<typeof associationSchema>;

export interface Cluster {
  /** null for the region that this runs in. */
  readonly region: string | null;
  readonly cluster: string;
}

/**
 * All associations of the cluster; null where there is no such cluster. A listing does not tell the role, so each is
 * asked for, all at once.
 */
export async function readAssociations(clients: Clients, cluster: Cluster): Promise<Association[] | null> {
  const ids = await listAssociations(clients, cluster);
  if (ids === null) return null;
  const read = await Promise.all(ids.map((id) => readAssociation(clients, cluster, id)));
  return read.filter((association) => association !== null);
}

async function listAssociations(
  { eks }: Clients,
  { region, cluster }: Cluster,
): Promise<readonly string[] | null> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page: ListPodIdentityAssociationsCommandOutput = await eks(region).send(
        new ListPodIdentityAssociationsCommand({ clusterName: cluster, nextToken }),
      );
      ids.push(...(page.associations ?? []).flatMap(({ associationId }) => associationId ?? []));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return ids;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function readAssociation(
  { eks }: Clients,
  { region, cluster }: Cluster,
  associationId: string,
): Promise<Association | null> {
  try {
    const { association = {} } = await eks(region).send(
      new DescribePodIdentityAssociationCommand({ clusterName: cluster, associationId }),
    );
    return {
      region,
      cluster,
      associationId,
      namespace: association.namespace ?? '',
      serviceAccount: association.serviceAccount ?? '',
      roleArn: association.roleArn ?? '',
      targetRoleArn: association.targetRoleArn ?? null,
      disableSessionTags: association.disableSessionTags === true,
      policy: association.policy === undefined ? null : identityDocument(association.policy),
      externalId: association.externalId ?? null,
      ownerArn: association.ownerArn ?? null,
    };
  } catch (error) {
    // Deleted since it was listed.
    if (isNotFound(error)) return null;
    throw error;
  }
}

export function isNotFound(error: unknown): boolean {
  return awsErrorCode(error) === 'ResourceNotFound';
}
