// What is promised of memories and of their short-term part: events, sessions, actors.
import type { Requirement } from './requirements.ts'

export const memoryEvents = {
  'memory.manage': {
    promise: 'A memory is made with strategies of every kind, told as it was made, changed, listed, tagged, and gone after its deletion',
    source: 'DG memory-strategies, memory-custom-strategy; API CreateMemory, UpdateMemory',
    operations: ['CreateMemory', 'GetMemory', 'UpdateMemory', 'ListMemories', 'DeleteMemory'],
  },
  'memory.events': {
    promise: 'An event comes back letter for letter, the newest first, by pages, with or without payloads, filtered by its metadata',
    source: 'DG short-term-create-event, short-term-list-events; API CreateEvent, ListEvents',
    operations: ['CreateEvent', 'GetEvent', 'ListEvents', 'DeleteEvent', 'ListActors', 'ListSessions'],
  },
  'memory.branches': {
    promise: 'A talk forks from any of its events, and is listed with or without what it forked from',
    source: 'API Branch, BranchFilter',
    operations: ['CreateEvent', 'ListEvents'],
  },
  'memory.once': {
    promise: 'An event is made once by a client token, however often and however much at the same time it is sent',
    source: 'API CreateEvent, clientToken',
    operations: ['CreateEvent'],
  },
  'memory.refused': {
    promise: 'Whatever breaks a rule of an event or a memory is refused with the field’s name, and nothing of it is kept',
    source: 'API ValidationException; DG bedrock-agentcore-limits',
    operations: ['CreateMemory', 'CreateEvent', 'ListEvents', 'GetEvent', 'DeleteEvent', 'ListActors', 'ListSessions'],
  },
  'memory.own': {
    promise: 'A caller whose policy names an actor reads and writes the events of that actor alone, and no other way of naming the memory helps',
    source: 'DG memory; service authorization reference: bedrock-agentcore:actorId',
    operations: ['CreateEvent', 'ListEvents', 'GetEvent', 'ListSessions'],
  },
  'memory.survives': {
    promise: 'An acknowledged event is there after kill -9, and a memory that was being deleted goes on being deleted',
    source: 'our own: acknowledged means on disk',
    operations: ['CreateEvent', 'ListEvents', 'DeleteMemory', 'GetMemory'],
  },
} satisfies Record<string, Requirement>
