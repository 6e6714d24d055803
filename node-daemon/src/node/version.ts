/** Upstream's numbering: its CLI and SDKs compare major and minor with their own. */
export const softwareVersion = '5.0.ts-0.1.0'

/** There is no build step: what runs is the source. */
export const buildTime = ''
