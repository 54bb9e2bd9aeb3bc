// memory: what was said and what was learned.
import type { Command } from 'commander'
import type { CreateMemoryOptions } from './commands/memories.js'
import type { MemoryEventsOptions } from './commands/memory-events.js'
import type { ExplainRetrievalOptions } from './commands/memory-explain.js'
import type { ImportMemoryOptions } from './commands/memory-export.js'
import type { RecordsOptions, SearchOptions } from './commands/memory-records.js'
import type { WaitOptions } from './commands/memory-wait.js'
import { add, collect, count, noun, type On } from './declare.js'

const which = 'name, id or ARN of the memory'

export function memoryCommands(root: Command, on: On): void {
  const memory = noun(root, 'memory', 'what agents were told, and what was learned of it')

  add(memory, 'create', 'make a memory, and wait until it is ACTIVE', [
    'agentworks memory create notes',
    'agentworks memory create notes --strategy semantic --strategy preference --expiry 30',
  ])
    .argument('<name>', 'a letter first, then letters, digits and underscores, 48 at most')
    .option('--strategy <kind>', 'what is learned: semantic, preference, summary or episodic; repeatable', collect, [])
    .option('--expiry <days>', 'so long are events kept, 3 to 365', count, 90)
    .option('--description <text>', 'for people')
    .action(
      on<[string, CreateMemoryOptions]>(async (invoked, [name, options]) =>
        (await import('./commands/memories.js')).createMemory(invoked, name, options),
      ),
    )
  add(memory, 'list', 'all memories', ['agentworks memory list']).action(
    on(async (invoked) => (await import('./commands/memories.js')).listMemories(invoked)),
  )
  add(memory, 'get', 'one memory with its strategies and where they learn into', ['agentworks memory get notes'])
    .argument('<name>', which)
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/memories.js')).getMemory(invoked, name)))
  add(memory, 'delete', 'delete a memory with all that it holds', ['agentworks memory delete notes'])
    .argument('<name>', which)
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/memories.js')).deleteMemory(invoked, name)))

  add(memory, 'events', 'who talked in which sessions; with --actor and --session, what was said', [
    'agentworks memory events notes',
    'agentworks memory events notes --actor ada --session SESSION',
  ])
    .argument('<name>', which)
    .option('--actor <id>', 'only whose talks these are')
    .option('--session <id>', 'the talk itself')
    .option('--branch <name>', 'of the talk, with what it forked from')
    .option('--tail <events>', 'how many of the latest', count, 100)
    .action(
      on<[string, MemoryEventsOptions]>(async (invoked, [name, options]) =>
        (await import('./commands/memory-events.js')).memoryEvents(invoked, name, options),
      ),
    )
  const records = add(memory, 'records', 'what was learned', [
    'agentworks memory records notes',
    'agentworks memory records notes --namespace-path /facts/',
  ])
    .argument('<name>', which)
    .option('--limit <records>', 'at most so many', count, 100)
    .action(
      on<[string, RecordsOptions]>(async (invoked, [name, options]) =>
        (await import('./commands/memory-records.js')).memoryRecords(invoked, name, options),
      ),
    )
  const search = add(memory, 'search', 'what was learned about something, the best first, each with its score', [
    'agentworks memory search notes "what does she like to eat?"',
  ])
    .argument('<name>', which)
    .argument('<query>', 'a question, or words')
    .option('--top-k <records>', 'at most so many, 100 at most', count, 10)
    .action(
      on<[string, string, SearchOptions]>(async (invoked, [name, query, options]) =>
        (await import('./commands/memory-records.js')).memorySearch(invoked, name, query, options),
      ),
    )
  const explain = add(
    memory,
    'explain',
    'which records a question finds and why: shared words, scores, what the search was held to, the events behind each',
    [
      'agentworks memory explain notes "what does she like to eat?"',
      'agentworks memory explain notes "where does she live?" --namespace-path /facts/ --filter topic=place',
    ],
  )
    .argument('<name>', which)
    .argument('<query>', 'a question, or words')
    .option('--top-k <records>', 'at most so many, 100 at most', count, 10)
    .option('--filter <key=value>', 'metadata that a record must have; repeatable', collect, [])
    .action(
      on<[string, string, ExplainRetrievalOptions]>(async (invoked, [name, query, options]) =>
        (await import('./commands/memory-explain.js')).memoryExplain(invoked, name, query, options),
      ),
    )
  for (const command of [records, search, explain])
    command
      .option('--namespace <namespace>', 'in this namespace alone')
      .option('--namespace-path <path>', 'in this namespace and all beneath it (default: everywhere)')

  add(memory, 'wait', 'until all that was said is learned; fails when some of it could not be', [
    'agentworks memory wait notes',
    'agentworks memory wait notes --actor ada --timeout 600',
  ])
    .argument('<name>', which)
    .option('--actor <id>', 'only what this actor said')
    .option('--session <id>', 'only what was said in this session')
    .option('--timeout <seconds>', 'no longer than this', count, 300)
    .action(
      on<[string, WaitOptions]>(async (invoked, [name, options]) => (await import('./commands/memory-wait.js')).memoryWait(invoked, name, options)),
    )

  add(memory, 'export', 'everything in a memory as lines of JSON: the memory, its events, its records', [
    'agentworks memory export notes notes.jsonl',
    'agentworks memory export notes | gzip > notes.jsonl.gz',
  ])
    .argument('<name>', which)
    .argument('[file]', 'which only you may read; standard output when absent')
    .action(
      on<[string, string | undefined]>(async (invoked, [name, file]) =>
        (await import('./commands/memory-export.js')).exportMemory(invoked, name, file),
      ),
    )
  add(memory, 'import', 'make a memory of what export wrote, or fill one; again within a day makes nothing twice', [
    'agentworks memory import notes.jsonl --name notes_again',
    'agentworks memory import - --into notes < notes.jsonl',
  ])
    .argument('<file>', 'what export wrote; - for standard input')
    .option('--name <name>', 'of the new memory (default: its name where it was exported)')
    .option('--into <name>', 'a memory that is there')
    .action(
      on<[string, ImportMemoryOptions]>(async (invoked, [file, options]) =>
        (await import('./commands/memory-export.js')).importMemory(invoked, file, options),
      ),
    )
}
