import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { run } from '../stock/run-program.ts'
import { openBrowserPage, type PageReport } from './browser-page.ts'
import type { Client, Setting } from './client.ts'
import { formFields, signedUrl } from './signed-by-us.ts'

/** Most time that the page may take, ms. */
const pageMs = 60_000

/** What keeps it from asking the outside, and from needing a display or rights. */
const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

function installed(): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of ['chromium', 'google-chrome', 'chrome']) {
    const found = folders.map((folder) => join(folder, name)).find(existsSync)
    if (found !== undefined) return found
  }
  throw new Error('no Chromium is installed')
}

function must(report: PageReport, wanted: Readonly<Record<string, string>>): void {
  for (const [step, value] of Object.entries(wanted)) {
    if (report[step] !== value) throw new Error(`${step}: "${value}" wanted, got "${report[step]}"`)
  }
}

async function usePage(program: string, setting: Setting, s3: S3Client): Promise<void> {
  const Bucket = setting.bucket
  const page = await openBrowserPage()
  const key = 'from a page.txt'
  const urlOf = (method: string) => signedUrl(setting, method, key)
  const visit = async (steps: 'closed' | 'open' | 'form'): Promise<PageReport> => {
    const enough = new AbortController()
    const profile = `--user-data-dir=${join(setting.folder, `profile-${steps}`)}`
    const browser = run(program, [...flags, profile, page.url(steps)], {
      folder: setting.folder,
      timeoutMs: pageMs,
      signal: enough.signal,
    })
    const ended = browser.then(({ code, err }) => {
      throw new Error(`Chromium ended with ${code ?? 'a timeout'}: ${err.slice(-300)}`)
    })
    const report = await Promise.race([page.report(steps), ended])
    enough.abort()
    await browser
    return report
  }
  try {
    page.steps = { put: urlOf('PUT'), get: urlOf('GET'), remove: urlOf('DELETE'), form: [] }
    must(await visit('closed'), { put: 'refused', get: 'refused' })
    const rule = {
      AllowedOrigins: [page.origin],
      AllowedMethods: ['PUT', 'GET'],
      AllowedHeaders: ['content-type'],
      ExposeHeaders: ['ETag'],
    }
    const CORSConfiguration = { CORSRules: [rule] }
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }))
    must(await visit('open'), {
      put: '200 "86fb269d190d2c85f6e0468ceca42a20"',
      get: '200 Hello world!',
      header: 'refused',
      remove: 'refused',
    })
    const form = { action: `${setting.endpoint}/${Bucket}`, doneUrl: page.doneUrl }
    page.steps.form = [
      { ...form, fields: formFields(setting, form.doneUrl, 'form/fits', 20) },
      { ...form, fields: formFields(setting, form.doneUrl, 'form/too long', 5) },
    ]
    must(await visit('form'), { 'form 0': `${Bucket} form/fits`, 'form 1': 'refused' })
    const listed = await s3.send(new ListObjectsV2Command({ Bucket }))
    const keys = listed.Contents?.map(({ Key }) => Key).join()
    if (keys !== `form/fits,${key}`) throw new Error(`the page left ${keys}`)
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'form/fits' }))
    const text = await got.Body?.transformToString()
    if (text !== 'by a form') throw new Error(`the form stored "${text}"`)
    for (const Key of ['form/fits', key]) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  } finally {
    await page.close()
  }
}

/** A browser with a page of another origin: presigned calls as CORS allows, and forms by their policy. */
export const chromium: Client = {
  name: 'Chromium',
  prepare: async () => installed(),
  async exercise(program, setting) {
    const credentials = {
      accessKeyId: setting.accessKey,
      secretAccessKey: setting.secretKey,
    }
    const { endpoint, bucket: Bucket } = setting
    const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
    try {
      await s3.send(new CreateBucketCommand({ Bucket }))
      await usePage(program, setting, s3)
      await s3.send(new DeleteBucketCommand({ Bucket }))
    } finally {
      s3.destroy()
    }
    return 'PUT and GET of a page elsewhere by CORS, refused without; forms within their policy'
  },
}
