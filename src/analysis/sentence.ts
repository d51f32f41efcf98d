/** A finding in words, kept as data so that every reporter can set it in its own way. */

export interface Sentence {
  readonly topic: 'winner' | 'cause' | 'crossover' | 'hypothesis' | 'misuse' | 'prediction'
  readonly text: string
}
