import { acceptDocument, countedLength, encodeDocument } from './document.ts';
import { newName, optionalText, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { policyNameOf, requireAttachable, requireBoundary } from './policy-lookup.ts';
import { IamRefusal } from './refusal.ts';
import { requireModifiableRole, requireRole } from './roles.ts';
import { byCodeUnit, read, withEntry, withoutEntry, withRole, write } from './state.ts';

/** Characters of all inline policies of a role together, white space not counted. Source: "IAM and STS quotas", IAM user guide. */
const inlineLimit = 10_240;

const sorted = (texts: Iterable<string>) => [...texts].sort(byCodeUnit);

const noInlinePolicy = (name: string) =>
  new IamRefusal('NoSuchEntity', `The role policy with name ${name} cannot be found.`);

/** What a role may do: attached and inline policies, and its boundary. */
export const rolePolicyOperations = {
  AttachRolePolicy: write((state, input, { quotas, ...context }) => {
    const role = requireModifiableRole(state, input);
    const { arn } = requireAttachable(state, text(input, 'PolicyArn'), context);
    if (role.attachedPolicies.includes(arn)) return { state };
    if (role.attachedPolicies.length >= quotas.PoliciesPerRole) {
      throw new IamRefusal(
        'LimitExceeded',
        `Cannot exceed quota for PoliciesPerRole: ${quotas.PoliciesPerRole}`,
      );
    }
    return { state: withRole(state, { ...role, attachedPolicies: sorted([...role.attachedPolicies, arn]) }) };
  }),

  DetachRolePolicy: write((state, input) => {
    const role = requireModifiableRole(state, input);
    const arn = text(input, 'PolicyArn');
    if (!role.attachedPolicies.includes(arn)) {
      throw new IamRefusal('NoSuchEntity', `Policy ${arn} was not found.`);
    }
    const attachedPolicies = role.attachedPolicies.filter((attached) => attached !== arn);
    return { state: withRole(state, { ...role, attachedPolicies }) };
  }),

  ListAttachedRolePolicies: read((state, input) => {
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const arns = requireRole(state, input).attachedPolicies.filter((arn) =>
      arn.slice(arn.indexOf(':policy/') + ':policy'.length).startsWith(prefix),
    );
    const { items, rest } = pageOf(arns, input);
    return {
      AttachedPolicies: items.map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn })),
      ...rest,
    };
  }),

  PutRolePolicy: write((state, input) => {
    const role = requireModifiableRole(state, input);
    const name = newName(input, 'PolicyName', 128);
    const document = text(input, 'PolicyDocument');
    acceptDocument(document, 'identity');
    const inlinePolicies = withEntry(role.inlinePolicies, name, document);
    const length = [...inlinePolicies.values()].reduce((sum, policy) => sum + countedLength(policy), 0);
    if (length > inlineLimit) {
      throw new IamRefusal(
        'LimitExceeded',
        `Maximum policy size of ${inlineLimit} bytes exceeded for role ${role.roleName}`,
      );
    }
    return { state: withRole(state, { ...role, inlinePolicies }) };
  }),

  GetRolePolicy: read((state, input) => {
    const role = requireRole(state, input);
    const name = text(input, 'PolicyName');
    const document = role.inlinePolicies.get(name);
    if (document === undefined) throw noInlinePolicy(name);
    return { RoleName: role.roleName, PolicyName: name, PolicyDocument: encodeDocument(document) };
  }),

  DeleteRolePolicy: write((state, input) => {
    const role = requireModifiableRole(state, input);
    const name = text(input, 'PolicyName');
    if (!role.inlinePolicies.has(name)) throw noInlinePolicy(name);
    return { state: withRole(state, { ...role, inlinePolicies: withoutEntry(role.inlinePolicies, name) }) };
  }),

  ListRolePolicies: read((state, input) => {
    const { items, rest } = pageOf(sorted(requireRole(state, input).inlinePolicies.keys()), input);
    return { PolicyNames: items, ...rest };
  }),

  PutRolePermissionsBoundary: write((state, input, context) => {
    const role = requireModifiableRole(state, input);
    const permissionsBoundary = text(input, 'PermissionsBoundary');
    requireBoundary(state, permissionsBoundary, context);
    return { state: withRole(state, { ...role, permissionsBoundary }) };
  }),

  DeleteRolePermissionsBoundary: write((state, input) => {
    const role = requireModifiableRole(state, input);
    return { state: withRole(state, { ...role, permissionsBoundary: null }) };
  }),
};
