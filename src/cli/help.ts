/** What `--help` says of each command beside its options. */

export interface Help {
  /** How it is called, and what it does. */
  readonly usage: string
  readonly examples: readonly [call: string, meaning: string][]
  readonly epilogue?: string
}

export const help = {
  run: {
    usage:
      '$0 run [files or folders..]\n\nRaces every workload under every executor (execution model), checks that all gave the same result, and says who wins from which size on.',
    examples: [
      ['$0 run', 'the default suite, in a minute and a half'],
      ['$0 run mine.ts --budget 20s', 'a workload of your own'],
      ['$0 run --workloads primes,timer --executors serial,threads', 'a part of it'],
      ['$0 run --reporter table --reporter json=run.json', 'a table here, JSON in a file'],
    ],
    epilogue:
      'Exit codes: 0 fine, 1 a failed cell, 2 a mistake in the call, 130 or 143 interrupted (what was measured is saved).',
  },
  diagnose: {
    usage:
      '$0 diagnose <file>[#export]\n\nSays what bounds a function, which executor to use for it, and why. It is called many times, in processes of its own.',
    examples: [
      [`$0 diagnose tasks.ts#resize --input '{"width": 100}'`, 'an exported function'],
      ['$0 diagnose tasks.ts', 'its default export, or the only function there is'],
    ],
    epilogue:
      'Exit codes: 0 fine, 1 the function throws, takes too long or ends its process, 2 a mistake in the call, 130 or 143 interrupted.',
  },
  report: {
    usage: '$0 report <result>\n\nMakes any report from a stored result; nothing is measured again.',
    examples: [
      ['$0 report results/latest.json', 'the tables again'],
      ['$0 report results/latest.json --format html --out report.html', 'a page to look at'],
    ],
  },
  merge: {
    usage:
      '$0 merge <results..> --out FILE\n\nJoins the shards of one plan, or runs that measured different things with the same options, and concludes again from all of them together.',
    examples: [
      ['$0 merge shard-*.json --out results/latest.json', 'what `run --shard` measured on several machines'],
    ],
    epilogue: 'Exit codes: 0 fine, 1 a failed cell or a shard that is missing, 2 a mistake in the call.',
  },
  list: {
    usage: '$0 list [files or folders..]\n\nLists workloads, and the executors that can race them.',
    examples: [
      ['$0 list', 'what `boundby run` would race'],
      ['$0 list mine.ts --reporter json', 'what a program needs to know of a workload'],
    ],
  },
  environment: {
    usage:
      '$0 environment\n\nShows what this machine is, and what would disturb a measurement on it now (it looks for a second).',
    examples: [],
  },
  compare: {
    usage:
      '$0 compare <baseline> <candidate>\n$0 compare --against <folder or commit> [files or folders..]\n\nSays what became slower or faster, and which verdicts flipped. It aims at one false alarm in a hundred comparisons, however many cells they have. With --against it takes the whole --budget, however clear it seems: that is what finds most.',
    examples: [
      ['$0 compare results/baseline.json results/latest.json', 'exit code 1 for a regression'],
      ['$0 compare --against main mine.ts', 'the workload as it is here, in turns with that of a branch'],
    ],
    epilogue:
      'Exit codes: 0 fine, 1 an alarm, 2 a mistake in the call, or results of different machines, 130 or 143 interrupted.',
  },
  history: {
    usage:
      '$0 history [folder]\n\nShows each cell over all results of a folder, and where it became slower or faster to stay.',
    examples: [['$0 run --save-history && $0 history', 'add a result, and look at all']],
    epilogue: 'Exit codes: 0 fine, 1 a file that is no result was left out, 2 a mistake in the call.',
  },
  tutorial: {
    usage:
      '$0 tutorial\n\nWalks through the tutorial on process pools, live: what a bottleneck is, a pool of processes, the block that owns it, the caution about cheap tasks, and the rule on this machine, in Node and in CPython. About a minute.',
    examples: [
      ['$0 tutorial', 'all five steps'],
      ['$0 tutorial --step 2', 'two tasks, and the processes they ran in'],
    ],
  },
} as const satisfies Record<string, Help>
