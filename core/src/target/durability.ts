import type { BucketProps } from '../bucket/bucket-props.ts'
import { hasFeature } from '../config/features.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { Durability } from '../ports/mountpath.ts'

/** The level an acknowledgement in this bucket stands for. Fsync-PUT on a bucket means `disk`. */
export function durabilityOf(node: NodeContext, props: BucketProps): Durability {
  if (hasFeature(props.features, 'Fsync-PUT')) return 'disk'
  const own = props.write_policy.durability
  return own === '' ? node.settings.current().write_policy.durability : own
}
