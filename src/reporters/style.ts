/** How a terminal report looks: tones, marks and line lengths in one place. */

import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { RenderOptions } from './reporter.ts'

export type Tone = 'title' | 'winner' | 'tied' | 'open' | 'failed' | 'warning' | 'quiet'

const formats: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  title: 'bold',
  winner: ['bold', 'green'],
  tied: 'green',
  open: 'yellow',
  failed: ['bold', 'red'],
  warning: 'yellow',
  quiet: 'dim',
}

/** Each is one column wide, in Unicode as in ASCII, so that tables stay straight. */
const asciiTwins: Readonly<Record<string, string>> = {
  '█': '#',
  '▒': '+',
  '░': '.',
  '▲': '^',
  '▼': 'v',
  '−': '-',
  '✓': '*',
  '≈': '=',
  '✗': '!',
  '×': 'x',
  µ: 'u',
  '±': '~',
  '–': '-',
  '─': '-',
  '│': '|',
  '└': '+',
  '↑': '^',
  '▚': '%',
  '▓': '=',
  '╌': '_',
  '…': '~',
}

/** Lines longer than this are hard to read, however wide the terminal is. */
const maxProseWidth = 100

export class Style {
  readonly width: number
  readonly #color: boolean
  readonly #unicode: boolean

  constructor({ color, width, unicode = true }: RenderOptions) {
    this.width = Math.max(width, 40)
    this.#color = color
    this.#unicode = unicode
  }

  paint(tone: Tone, text: string): string {
    return this.#color ? styleText(formats[tone], text, { validateStream: false }) : text
  }

  /** Wraps a paragraph by display width; lines after the first hang under its text. */
  paragraph(text: string, { bullet = '' } = {}): string {
    const width = Math.min(this.width, maxProseWidth) - bullet.length
    const lines = wrapAnsi(text, width, { hard: true }).split('\n')
    return lines.map((line, index) => `${index === 0 ? bullet : ' '.repeat(bullet.length)}${line}`).join('\n')
  }

  /** The finished report in the characters that the reader shows. */
  encode(report: string): string {
    if (this.#unicode) return report
    return report.replace(/\P{ASCII}/gu, (character) => asciiTwins[character] ?? '?')
  }
}
