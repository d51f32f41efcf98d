/** How a step looks: what it is about, the code that runs, what to expect, and what was seen. */

import { readFile } from 'node:fs/promises'
import { escapeText } from '../../reporters/escape.ts'
import type { Style } from '../../reporters/style.ts'
import type { Output } from '../terminal.ts'
import { programPath } from './program.ts'

export class Page {
  readonly style: Style
  readonly #output: Output

  constructor(output: Output, style: Style) {
    this.#output = output
    this.style = style
  }

  /** Text that is set already. */
  write(text: string): void {
    this.#output.write(this.style.encode(`${text}\n`))
  }

  heading(text: string): void {
    this.write(this.style.paint('title', text))
  }

  paragraph(text: string): void {
    this.write(this.style.paragraph(text))
  }

  /** A word in front that stands out: what to expect, what was seen. */
  labelled(label: string, text: string): void {
    this.paragraph(`${this.style.paint('title', `${label}:`)} ${text}`)
  }

  /** The program, as it is in the file that runs. */
  async program(name: string): Promise<void> {
    const source = await readFile(programPath(name), 'utf8')
    this.write(this.style.paint('quiet', `── ${name}`))
    for (const line of source.trimEnd().split('\n')) this.write(line === '' ? '' : `  ${line}`)
    this.write('')
  }

  /** What a program printed. */
  printed(who: string, lines: readonly string[]): void {
    this.write(this.style.paint('quiet', `${who} printed`))
    for (const line of lines) this.write(this.style.paragraph(escapeText(line), { bullet: '  > ' }))
  }
}
