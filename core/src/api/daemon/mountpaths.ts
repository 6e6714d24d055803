import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { leaveWithLastDisk, returnWithFirstDisk } from '../../target/mountpaths/last-mountpath.ts'
import type { TargetNode } from '../../target/target.ts'

/** Whether objects stay where they are for now. @throws AisError `ErrBadRequest` while a resilver runs */
function skipsResilver(api: ApiCall, target: TargetNode): boolean {
  const skips = api.target.query.bool('dntres')
  const running = target.resilver.status()
  if (skips && running && running.endedAt === undefined) {
    throw new AisError('ErrBadRequest', 'dntres: cannot be used while a resilver is in progress')
  }
  return skips || !target.settings.current().resilver.enabled
}

async function change(api: ApiCall, target: TargetNode): Promise<Reply> {
  const { action, value } = await readAction(api)
  if (typeof value !== 'string' || value === '') {
    throw new AisError('ErrBadRequest', `${action}: the mountpath is not defined (value)`)
  }
  const { mountpathTable: table, resilver } = target
  const skips = skipsResilver(api, target)
  const hadNone = table.available().length === 0
  switch (`${api.method} ${action}`) {
    case 'PUT attach-mp':
      await table.attach(value, api.target.query.get('mountpath_label') ?? '')
      break
    case 'POST enable-mp':
      if (!(await table.enable(value))) return emptyReply(204)
      break
    case 'POST disable-mp':
      if (table.isLast(value)) await leaveWithLastDisk(target)
      if (!(await table.leave(value, 'disabling', skips))) return emptyReply(204)
      break
    case 'DELETE detach-mp':
      if (table.isLast(value)) await leaveWithLastDisk(target)
      await table.leave(value, 'detaching', skips)
      break
    case 'POST rescan-mp':
      await table.find(value).rescan()
      break
    default:
      throw new AisError('ErrBadRequest', `invalid action "${action}" for mountpaths (action)`)
  }
  if (hadNone && table.available().length > 0) returnWithFirstDisk(target)
  if (!skips && table.available().length > 0) resilver.start()
  return emptyReply()
}

/** A target without disks is out of the map, and comes back with the first one. */
export const isAboutMountpaths = ({ items }: ApiCall): boolean => items[0] === 'mountpaths'

/**
 * `/v1/daemon/mountpaths`: attach, enable, disable, detach and rescan of one disk, named by `value`.
 * @throws AisError `ErrBadRequest`, `ErrMpathNotFound`; `ErrBusy` when another process has the disk
 */
export function mountpathAction(api: ApiCall, target: TargetNode): Promise<Reply> {
  const { items } = api
  if (items.length === 1 && items[0] === 'mountpaths') return change(api, target)
  throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
}

export const postMountpaths = endpoint({
  resource: 'daemon',
  method: 'POST',
  targetNetworks: ['control'],
  always: isAboutMountpaths,
  target: mountpathAction,
})

export const deleteMountpaths = endpoint({
  resource: 'daemon',
  method: 'DELETE',
  targetNetworks: ['control'],
  always: isAboutMountpaths,
  target: mountpathAction,
})
