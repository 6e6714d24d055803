import type { BucketProps } from '../bucket/bucket-props.ts'
import { AisError } from '../errors/ais-error.ts'
import { nodeName } from '../node/node-name.ts'
import type { TargetNode } from './target.ts'

/** What a change of the BMD is about to do to a bucket, as its targets are asked beforehand. */
export interface Transaction {
  readonly action: 'create-bck' | 'destroy-bck' | 'move-bck' | 'set-bprops' | 'reset-bprops'
  /** The bucket's properties when it is done; absent when it will be gone. */
  readonly props: BucketProps | undefined
  /** What is to go can hold locked versions: nobody may be away who has some. */
  readonly locks?: boolean | undefined
}

/** Whether any disk is full beyond `space.out_of_space`. @throws AisError `ErrMountpathFaulted` for one that cannot be asked */
async function checkSpace(target: TargetNode): Promise<void> {
  const percent = target.settings.current().space.out_of_space
  for (const mountpath of target.availableMountpaths()) {
    const { usedBytes, totalBytes } = await mountpath.capacity()
    if (usedBytes * 100n < totalBytes * BigInt(percent)) continue
    throw new AisError(
      'ErrCapExceeded',
      `${nodeName(target.self())}: out of space on mountpath ${mountpath.path}`,
    )
  }
}

/**
 * The begin phase of a two-phase transaction: whether this target could follow. Nothing is kept, so an abort has
 * nothing to undo. @throws AisError why it could not @see AIStore ais/tgttxn.go
 */
export async function checkTransaction(target: TargetNode, txn: Transaction): Promise<void> {
  const mountpaths = target.availableMountpaths()
  if (mountpaths.length === 0) {
    throw new AisError('ErrNoNodes', `${nodeName(target.self())}: no mountpaths`)
  }
  const { props } = txn
  if (txn.locks && target.isAnythingAway()) {
    throw new AisError('ErrNotReady', 'locked versions may be away: please try again')
  }
  if (props === undefined) return
  const { mirror } = props
  if (mirror.enabled && mirror.copies > mountpaths.length) {
    throw new AisError(
      'ErrBadRequest',
      `${nodeName(target.self())}: number of copies (${mirror.copies}) exceeds the number of mountpaths (${mountpaths.length}) (mirror.copies)`,
    )
  }
  if (txn.action === 'create-bck') await checkSpace(target)
}
