import type { ConformanceCase, Step } from './model/case.ts'

/** A selection of cases by what they need to reach. */
export interface Profile {
  readonly id: string
  readonly title: string
  includes(subject: ConformanceCase): boolean
}

/** Every profile that `--profile` knows. */
export const profiles: readonly Profile[] = [
  { id: 'native', title: 'everything', includes: () => true },
  {
    id: 'gateway',
    title: 'what goes to a gateway; targets are reached by its redirects only',
    includes: (subject) => !subject.steps.some(isDirect),
  },
  {
    id: 'edge',
    title:
      "what goes to a gateway at the edge: nothing about connections, which are its platform's",
    includes: (subject) => !subject.steps.some(isDirect) && !needsListener(subject),
  },
  {
    id: 'target',
    title: 'what a target answers, by redirect or directly',
    includes: (subject) => subject.steps.some((step) => isDirect(step) || isObjectCall(step)),
  },
]

/** The profile of that name. */
export function findProfile(id: string): Profile | undefined {
  return profiles.find((profile) => profile.id === id)
}

function needsListener({ capabilities = [] }: ConformanceCase): boolean {
  return capabilities.includes('own-listener')
}

function isDirect(step: Step): boolean {
  return step.at !== undefined && step.at !== 'gateway'
}

function isObjectCall(step: Step): boolean {
  return step.follow !== false && /\{objects?2?\}|\/v1\/objects\//.test(step.send ?? '')
}
