// The system calls that no agent needs and that reach far into the shared kernel, refused by a seccomp filter. It is made here, as
// the bytes that the kernel takes, because no kept library makes one without a native build (docs/decisions/0015-system-call-filter.md).

type Numbers = [x64: number | undefined, arm64: number]

/** Numbers: arch/x86/entry/syscalls/syscall_64.tbl, and include/uapi/asm-generic/unistd.h for arm64. They never change. */
export const refusedCalls: Readonly<Record<string, Numbers>> = {
  // Keyrings of the host's kernel are not in any namespace of a session.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Programs inside the kernel, and its counters.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  lookup_dcookie: [212, 18],
  kcmp: [312, 272],
  // Mounts and namespaces.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  unshare: [272, 97],
  setns: [308, 268],
  open_by_handle_at: [304, 265],
  // The machine itself.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  vhangup: [153, 58],
  // Memory of other nodes.
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  // Of x86 alone.
  modify_ldt: [154, -1],
  iopl: [172, -1],
  ioperm: [173, -1],
}

/** Answered as a kernel without them answers: programs then take another way. clone3 hides its flags where no filter can look. */
export const absentCalls: Readonly<Record<string, Numbers>> = {
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  clone3: [435, 435],
}

/** unix, IPv4, IPv6, netlink. vsock would reach the machine's own host, past every network namespace. */
export const allowedFamilies = [1, 2, 10, 16] as const

export const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const

interface Architecture {
  audit: number
  index: 0 | 1
  clone: number
  socket: number
  ioctl: number
}

const architectures: Readonly<Record<string, Architecture>> = {
  x64: { audit: 0xc000003e, index: 0, clone: 56, socket: 41, ioctl: 16 },
  arm64: { audit: 0xc00000b7, index: 1, clone: 220, socket: 198, ioctl: 29 },
}

// linux/filter.h and linux/seccomp.h.
const op = { load: 0x20, equal: 0x15, atLeast: 0x35, anyBit: 0x45, answer: 0x06 } as const
const at = { call: 0, architecture: 4, firstArgument: 16, secondArgument: 24 } as const
const verdict = { kill: 0x80000000, refuse: 0x00050000, allow: 0x7fff0000 } as const

/** CLONE_NEWTIME, and CLONE_NEWNS up to CLONE_NEWNET. */
const newNamespaces = 0x80 | 0x20000 | 0x7e000000
/** Pretending keyboard input to a terminal. */
const terminalInput = [0x5412, 0x541c] as const
/** x32: the same calls once more, under numbers of their own. */
const firstOfX32 = 0x40000000

/** `undefined` where the architecture or the kernel has no such filter. */
export function systemCallFilter(arch: string, processStatus: string): Buffer | undefined {
  const machine = architectures[arch]
  return machine && /^Seccomp:/m.test(processStatus) ? assembled(filterOf(machine)) : undefined
}

type Instruction = [code: number, k: number, ifTrue?: number, ifFalse?: number]

function filterOf({ audit, index, clone, socket, ioctl }: Architecture): Instruction[] {
  const each = (calls: Readonly<Record<string, Numbers>>, error: number) =>
    Object.values(calls).flatMap((numbers) => {
      const number = numbers[index]
      return number === undefined || number < 0 ? [] : when(number, [refuse(error)])
    })
  return [
    [op.load, at.architecture],
    [op.equal, audit, 1, 0],
    [op.answer, verdict.kill],
    [op.load, at.call],
    [op.atLeast, firstOfX32, 0, 1],
    refuse(errno.ENOSYS),
    ...each(refusedCalls, errno.EPERM),
    ...each(absentCalls, errno.ENOSYS),
    ...when(clone, [[op.load, at.firstArgument], [op.anyBit, newNamespaces, 0, 1], refuse(errno.EPERM), allow]),
    ...when(socket, [
      [op.load, at.firstArgument],
      ...allowedFamilies.flatMap((family): Instruction[] => [[op.equal, family, 0, 1], allow]),
      refuse(errno.EAFNOSUPPORT),
    ]),
    ...when(ioctl, [
      [op.load, at.secondArgument],
      ...terminalInput.flatMap((request): Instruction[] => [[op.equal, request, 0, 1], refuse(errno.EPERM)]),
      allow,
    ]),
    allow,
  ]
}

const allow: Instruction = [op.answer, verdict.allow]
const refuse = (error: number): Instruction => [op.answer, verdict.refuse | error]

/** `then` ends with an answer on each of its ways. */
function when(call: number, then: readonly Instruction[]): Instruction[] {
  return [[op.equal, call, 0, then.length], ...then]
}

/** struct sock_filter: u16 code, u8 jt, u8 jf, u32 k, little endian on both architectures. */
function assembled(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * instructions.length)
  for (const [index, [code, k, ifTrue = 0, ifFalse = 0]] of instructions.entries()) {
    bytes.writeUInt16LE(code, 8 * index)
    bytes.writeUInt8(ifTrue, 8 * index + 2)
    bytes.writeUInt8(ifFalse, 8 * index + 3)
    bytes.writeUInt32LE(k >>> 0, 8 * index + 4)
  }
  return bytes
}
