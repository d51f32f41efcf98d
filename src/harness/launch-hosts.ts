/** The hosts of one launch: how they are made, started and ended, each step beside others where none is timed. */

import type { ArmHost, OpenArm } from './arm-host.ts'
import type { Arm } from './events.ts'

interface StartedHost {
  readonly host: ArmHost
  /** Null where others started beside it. */
  readonly startupMs: number | null
}

export class LaunchHosts {
  readonly #made = new Map<Arm, Promise<ArmHost>>()
  readonly #started = new Map<Arm, Promise<StartedHost>>()
  readonly #openArm: OpenArm

  constructor(openArm: OpenArm) {
    this.#openArm = openArm
  }

  /**
   * Makes the hosts of all arms at once, since they share nothing yet, and starts them: one by one those whose start
   * is timed, then the others together. A failure shows when the arm is first used.
   * @param quiet nothing is timed before it: hosts of the launch before may still be ending.
   */
  async start(
    arms: ReadonlySet<Arm>,
    isTimed: (arm: Arm) => boolean,
    quiet: Promise<unknown>,
  ): Promise<void> {
    for (const arm of arms) this.#made.set(arm, this.#openArm(arm))
    await Promise.allSettled([quiet, ...this.#made.values()])
    const others: Arm[] = []
    for (const arm of arms)
      if (isTimed(arm)) await this.of(arm).catch(() => {})
      else others.push(arm)
    await Promise.allSettled(others.map((arm) => this.#start(arm, false)))
  }

  async of(arm: Arm): Promise<StartedHost> {
    return this.#started.get(arm) ?? this.#start(arm, true)
  }

  async #start(arm: Arm, isAlone: boolean): Promise<StartedHost> {
    const made = this.#made.get(arm) ?? this.#openArm(arm)
    this.#made.set(arm, made)
    const started = made.then(async (host) => {
      const startupMs = await host.start()
      return { host, startupMs: isAlone ? startupMs : null }
    })
    this.#started.set(arm, started)
    return started
  }

  /** Gives up a host; the arm gets another when it is next used. */
  async discard(arm: Arm): Promise<void> {
    const made = this.#made.get(arm)
    this.#made.delete(arm)
    this.#started.delete(arm)
    await made?.then(
      (host) => host.close(),
      () => {},
    )
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#made.keys()].map((arm) => this.discard(arm)))
  }
}
