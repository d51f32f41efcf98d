/** A Chromium to look at pages with; a user without one goes without these tests, CI does not. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = places.find((place) => existsSync(place))

/** Null if there is one, or if there has to be. */
export const whyNoChromium =
  executablePath === undefined && process.env['CI'] === undefined
    ? 'no Chromium here: apt-get install chromium'
    : null

/** Without a sandbox, since root may not have one; the pages are ours. It has a profile of its own, and stays offline. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
