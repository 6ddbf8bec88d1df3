import type { Json } from '../../../shared/model.ts';
import { isList, isObject } from '../../../shared/spec/json-shape.ts';
import type { Resource, Template } from './template.ts';

/** One change to the synthesised template, for what moto's CloudFormation cannot do and AWS's can. */
export interface Rewrite {
  readonly reason: string;
  readonly apply: (template: Template) => Template;
}

/** THE LIST; docs/end-to-end.md tells it. What is not here is deployed as it was synthesised. */
export const rewrites: readonly Rewrite[] = [
  {
    reason: 'moto names an archive after stack and resource, and then refuses the name as too long',
    apply: (template) =>
      withResources(template, (resource) =>
        resource.Type === 'AWS::Events::Archive'
          ? { ...resource, Properties: { ArchiveName: 'reports', ...resource.Properties } }
          : resource,
      ),
  },
  {
    reason: 'moto makes no alarms, so it cannot answer their ARNs, which the dashboard asks for',
    apply: (template) =>
      withResources(template, (resource) => ({
        ...resource,
        Properties: Object.fromEntries(
          Object.entries(resource.Properties ?? {}).map(([key, value]) => [key, named(value, template)]),
        ),
      })),
  },
];

function withResources(template: Template, change: (resource: Resource) => Resource): Template {
  const resources = new Map(
    Object.entries(template.Resources).map(([id, resource]) => [id, change(resource)]),
  );
  return { ...template, Resources: Object.fromEntries<Resource>(resources) };
}

/** The value with every `Fn::GetAtt` of an alarm's ARN written out from the alarm's name. */
function named(value: Json, template: Template): Json {
  if (isList(value)) return value.map((member) => named(member, template));
  if (!isObject(value)) return value;
  const name = alarmName(value['Fn::GetAtt'], template);
  if (name !== null)
    return {
      'Fn::Sub': `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${name}`,
    };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, named(member, template)]));
}

function alarmName(attribute: Json | undefined, template: Template): string | null {
  const id = isList(attribute) ? attribute[0] : undefined;
  const resource = typeof id === 'string' ? template.Resources[id] : undefined;
  const name = resource?.Type === 'AWS::CloudWatch::Alarm' ? resource.Properties?.['AlarmName'] : undefined;
  return typeof name === 'string' ? name : null;
}
