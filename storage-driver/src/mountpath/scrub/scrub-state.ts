import type { SettingTable } from '../../catalog/setting-table.ts'

/** How far the scrub of a mountpath is, as the catalog keeps it over restarts. */
export interface ScrubState {
  /** Begin of the round, Unix ms. */
  readonly startedMs: number
  /** The round is over; the next one begins an interval after this one did. */
  readonly done: boolean
  /** The last object looked at: its bucket as 16 hex digits, and its name; empty at the begin. */
  readonly bucket: string
  readonly name: string
  readonly objects: number
  readonly damaged: number
}

/** Before the first round. */
export const noScrub: ScrubState = {
  startedMs: 0,
  done: true,
  bucket: '',
  name: '',
  objects: 0,
  damaged: 0,
}

export function loadScrubState(settings: SettingTable): ScrubState {
  const text = settings.load('scrub')
  const state: ScrubState = text === undefined ? noScrub : JSON.parse(text)
  return state
}

export function storeScrubState(settings: SettingTable, state: ScrubState): void {
  settings.store('scrub', JSON.stringify(state))
}
