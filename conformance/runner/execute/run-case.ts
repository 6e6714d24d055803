import type { ConformanceCase, Step } from '../model/case.ts'
import { runStep, type StepContext } from './run-step.ts'

/** Names that belong to one case of one run only, so that cases can run beside each other. */
export interface CaseNames {
  /** Different for each run. */
  readonly run: string
  /** Different for each case of a run. */
  readonly serial: number
}

/**
 * Runs one case in buckets of its own and removes them afterwards.
 * @returns nothing when it passed, else what went wrong, with the number of the step
 */
export async function runCase(
  subject: ConformanceCase,
  names: CaseNames,
  spoiled: StepContext,
): Promise<string | undefined> {
  const { tamper: _notForSetUp, ...context } = spoiled
  const variables = caseVariables(names, context)
  try {
    if (subject.bucket !== 'named') {
      const complaint = await runStep(createBucket(subject), variables, context)
      if (complaint !== undefined) return `setting up: ${complaint}`
    }
    for (const [index, step] of subject.steps.entries()) {
      const complaint = await runStep(step, variables, spoiled)
      if (complaint !== undefined) return `step ${index + 1}: ${complaint}`
    }
    return undefined
  } finally {
    for (const step of subject.cleanUp ?? []) await runStep(step, variables, context)
    for (const bucket of ['{bucket}', '{bucket2}']) await destroy(bucket, variables, context)
  }
}

function createBucket(subject: ConformanceCase): Step {
  return {
    send: 'POST {bucket}',
    json: { action: 'create-bck', value: subject.bucketProps ?? null },
    expect: { status: 200 },
  }
}

/** A case may have closed its bucket by the access mask: then it is opened first. */
async function destroy(
  bucket: string,
  variables: Map<string, string>,
  context: StepContext,
): Promise<void> {
  const step: Step = {
    send: `DELETE ${bucket}`,
    json: { action: 'destroy-bck' },
    expect: { status: [200, 404] },
  }
  if ((await runStep(step, variables, context)) === undefined) return
  const value = { access: '18446744073709551615' }
  const open: Step = { send: `PATCH ${bucket}`, json: { action: 'set-bprops', value } }
  await runStep(open, variables, context)
  await runStep(step, variables, context)
}

function caseVariables(names: CaseNames, context: StepContext): Map<string, string> {
  const bucketName = `cf-${names.run}-${names.serial}`
  const bucket2Name = `${bucketName}-b`
  const target = context.map.targets[0]
  return new Map([
    ['run', names.run],
    ['bucketName', bucketName],
    ['bucket', `/v1/buckets/${bucketName}`],
    ['bucket2Name', bucket2Name],
    ['bucket2', `/v1/buckets/${bucket2Name}`],
    ['objects', `/v1/objects/${bucketName}`],
    ['objects2', `/v1/objects/${bucket2Name}`],
    ['objectName', 'obj'],
    ['object', `/v1/objects/${bucketName}/obj`],
    ['endpoint', context.endpoint],
    ['host', new URL(context.endpoint).host],
    ['primaryId', context.map.primaryId],
    ['proxyId', context.map.proxies[0]?.id ?? ''],
    ['targetId', target?.id ?? ''],
    ['targetUrl', target?.publicUrl ?? ''],
  ])
}
