import { describe, expect, it } from 'vitest'
import { docFaults } from './check-docs.ts'
import { nameFaults } from './check-names.ts'
import { importsOf, roomFaults } from './check-rooms.ts'
import { sizes } from './check-size.ts'
import { sourceFiles } from './source-files.ts'

const server = 'packages/server/src'
const faults = (...files: [path: string, ...imports: string[]][]) =>
  roomFaults(files.map(([path, ...imports]) => ({ path, text: imports.map((from) => `import { x } from '${from}'`).join('\n') }))).faults

describe('check-rooms', () => {
  it('sees every form of import, on many lines too', () => {
    const text =
      "import a from 'a'\nimport 'b'\nimport {\n  c,\n} from 'c'\nexport { d } from 'd'\nexport * from 'e'\nimport type { F } from 'f'\nconst g = await import('g')"
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  })

  it('takes what the table allows', () => {
    expect(
      faults(
        [`${server}/kernel/arn.ts`, 'node:crypto', './errors.js'],
        [`${server}/wire/pipeline.ts`, '#kernel/errors.js', '#ports/store.js', '@agentworks/model', './steps/x.js'],
        [`${server}/services/runtime/sessions.ts`, '#services/identity/index.js', '#services/runtime/versions.js', '#ports/store.js'],
        [`${server}/adapters/sqlite/store.ts`, '#ports/store.js', 'some-package'],
        [`${server}/main.ts`, '#adapters/sqlite/store.js', '#services/runtime/sessions.js', './config.js'],
        ['packages/cli/src/commands/start.ts', '@agentworks/server'],
        [`${server}/services/runtime/sessions.test.ts`, '#adapters/sqlite/store.js', 'vitest'],
      ),
    ).toEqual([])
  })

  it.each([
    [`${server}/kernel/arn.ts`, '#ports/store.js', /kernel may import nothing, not ports/],
    [`${server}/ports/store.ts`, '#wire/exchange.js', /ports may import kernel, model, not wire/],
    [`${server}/services/runtime/a.ts`, '#adapters/sqlite/store.js', /not adapters/],
    [`${server}/services/runtime/a.ts`, '#services/identity/keys.js', /by its door/],
    [`${server}/services/runtime/a.ts`, '#wire/exchange.js', /not wire/],
    [`${server}/services/runtime/a.ts`, 'some-package', /not third/],
    [`${server}/wire/a.ts`, '../kernel/errors.js', /goes up/],
    [`${server}/wire/a.test.ts`, './x/../../kernel/errors.js', /goes up/],
    [`${server}/main.ts`, './kernel/errors.js', /name the room/],
    [`${server}/drawer/a.ts`, '#kernel/errors.js', /lies in no room/],
    ['packages/cli/src/commands/invoke.ts', '@agentworks/server', /not server/],
    ['packages/sdk/src/app.ts', '@agentworks/server', /not server/],
    ['packages/guest/src/forward.ts', 'some-package', /guest may import nothing/],
  ])('%s may not import %s', (path, specifier, message) => {
    expect(faults([path, specifier])).toEqual([expect.stringMatching(message)])
  })

  it('finds rooms that import each other in a circle', () => {
    const found = faults([`${server}/services/a/x.ts`, '#services/b/index.js'], [`${server}/services/b/index.ts`, '#services/a/index.js'])
    expect(found).toEqual(['rooms import in a circle: services/a -> services/b -> services/a'])
  })
})

describe('check-size', () => {
  it('refuses a file past the limit and tells the rest', () => {
    const files = [10, 20, 400, 401].map((lines) => ({ path: `f${lines}.ts`, text: 'x\n'.repeat(lines) }))
    expect(sizes(files)).toEqual({ faults: [expect.stringMatching(/^f401\.ts has 401 lines/)], median: 20, p90: 400, longest: 'f401.ts (401)' })
  })
})

describe('check-names', () => {
  it('refuses drawers and camels', () => {
    expect(nameFaults(['a/good-name.test.ts', 'a/v1/0001-x.ts', 'a/sha256.ts'])).toEqual([])
    expect(nameFaults(['a/utils.ts', 'helpers/x.ts', 'a/camelCase.ts', 'a/types.test.ts'])).toHaveLength(4)
  })
})

describe('check-docs', () => {
  it('finds links that lead nowhere and commands that do not exist, and leaves code and other places alone', () => {
    const text =
      '[a](there.md#part) [b](gone.md) [c](https://example.com) [d](#here) `[e](code.md)` npm run test npm run nothing\n```\n[f](code.md)\n```'
    const { faults: found } = docFaults([{ path: 'docs/x.md', text }], new Set(['test']), (path) => path === 'docs/there.md')
    expect(found).toEqual(['docs/x.md: the link gone.md leads nowhere', "docs/x.md: 'npm run nothing' is not in package.json"])
  })
})

describe('the files that are checked', () => {
  it('are ours, and none that is installed, built or generated', () => {
    const paths = sourceFiles(['.ts']).map((file) => file.path)
    expect(paths).toContain('tools/checks.test.ts')
    expect(paths).toContain('packages/server/src/kernel/errors.ts')
    expect(paths.filter((path) => /node_modules|dist\/|generated\//.test(path))).toEqual([])
  })
})
