import { connect, type Socket } from "node:net";

/** How long BIRD may take to answer, in milliseconds. */
const ANSWER_MS = 5_000;
/** Longest answer that is read, in characters. */
const ANSWER_MAX = 1 << 20;
/** Begins the last line of an answer: a code of four digits and a blank. Lines before it have a hyphen, or only a blank. */
const LAST = /^(\d{4}) (.*)$/;

/** BIRD refused a command. */
export class BirdRefusal extends Error {}

/** BIRD does not answer: it is being started, or has ended. */
export class BirdSilence extends Error {}

/**
 * Asks a running BIRD by its control socket, and resolves with its answer without the codes of its lines.
 *
 * @throws {BirdSilence} where nothing listens, and where it takes too long.
 * @throws {BirdRefusal} with its words.
 */
export async function askBird(socketPath: string, command: string): Promise<string> {
  const socket = connect(socketPath);
  socket.setEncoding("utf8");
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer after ${ANSWER_MS} ms`)));
  try {
    return await exchange(socket, command);
  } catch (error) {
    if (error instanceof BirdRefusal) throw error;
    throw new BirdSilence(`BIRD does not answer: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

async function exchange(socket: Socket, command: string): Promise<string> {
  let isGreeted = false;
  let rest = "";
  const lines: string[] = [];
  for await (const piece of socket) {
    rest += piece;
    if (rest.length + lines.length > ANSWER_MAX) throw new Error("its answer is too long");
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) {
      const [, code = "", text = ""] = LAST.exec(line) ?? [];
      if (code === "") lines.push(line.replace(/^\d{4}-/, ""));
      else if (!isGreeted) {
        isGreeted = true;
        lines.length = 0;
        socket.write(`${command}\n`);
      } else if (/^[89]/.test(code)) throw new BirdRefusal([...lines, text].join(" ").trim());
      else return [...lines, text].join("\n");
    }
  }
  throw new Error("it hung up");
}
