// Runs in the browser, as part of its page.

// biome-ignore lint/correctness/noUnusedVariables: the page calls it
async function takeSteps(which, steps) {
  const report = {}
  const step = async (name, make) => {
    report[name] = await make().catch(() => 'refused')
  }
  const put = (headers) => fetch(steps.put, { method: 'PUT', body: 'Hello world!', headers })
  const plain = { 'Content-Type': 'text/x-own' }
  if (which === 'form') {
    for (const [index, form] of steps.form.entries()) {
      await step(`form ${index}`, () => submit(form))
    }
  } else {
    await step('put', async () => {
      const answer = await put(plain)
      return `${answer.status} ${answer.headers.get('etag')}`
    })
    await step('get', async () => {
      const answer = await fetch(steps.get)
      return `${answer.status} ${await answer.text()}`
    })
    await step('header', async () => String((await put({ ...plain, 'X-Other': 'no' })).status))
    await step('remove', async () =>
      String((await fetch(steps.remove, { method: 'DELETE' })).status),
    )
  }
  await fetch(`/report?steps=${which}`, { method: 'POST', body: JSON.stringify(report) })

  /** A form with a file, sent as a person's click would; bucket and key as the place it leads to has them. */
  function submit({ action, fields }) {
    const frame = document.createElement('iframe')
    frame.name = `frame-${fields.key}`
    document.body.append(frame)
    const form = document.createElement('form')
    Object.assign(form, { action, method: 'post', enctype: 'multipart/form-data' })
    form.target = frame.name
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input')
      Object.assign(input, { type: 'hidden', name, value })
      form.append(input)
    }
    const file = document.createElement('input')
    Object.assign(file, { type: 'file', name: 'file' })
    const chosen = new DataTransfer()
    chosen.items.add(new File(['by a form'], 'chosen.txt', { type: 'text/plain' }))
    file.files = chosen.files
    form.append(file)
    document.body.append(form)
    return new Promise((resolve) => {
      frame.onload = () => {
        try {
          const led = new URLSearchParams(frame.contentWindow?.location.search)
          if (led.has('key')) resolve(`${led.get('bucket')} ${led.get('key')}`)
        } catch {
          // An error document of the other origin, which a page may not look into.
          resolve('refused')
        }
      }
      form.submit()
    })
  }
}
