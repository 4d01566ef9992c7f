/** One keep-alive connection that sends prepared bytes and reads answers: cheap enough to outrun the server from one core. */
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Seconds, where the answer has the header. */
  readonly retryAfter: number | undefined;
  /** `name/version` of the model that answered. */
  readonly model: string | undefined;
  /** The server closes the connection after it. */
  readonly closes: boolean;
  readonly body: Buffer;
}

export interface Connection {
  /** Resolves when it stands. Without this the first request opens it. */
  connect(): Promise<void>;
  /** Resolves with the answer, or with undefined when the connection broke before it was whole. */
  send(request: Buffer): Promise<RawAnswer | undefined>;
  close(): void;
}

const headEnd = Buffer.from("\r\n\r\n");

export function openConnection(port: number): Connection {
  let socket: Socket | undefined;
  let received: Buffer[] = [];
  let length = 0;
  let pending: ((answer: RawAnswer | undefined) => void) | undefined;
  let head: (Omit<RawAnswer, "body"> & { readonly end: number }) | undefined;

  function open(): Socket {
    const opened = connect({ port, host: "127.0.0.1", noDelay: true });
    opened.on("data", (chunk) => {
      received.push(chunk);
      length += chunk.length;
      read(opened);
    });
    opened.on("error", () => {});
    opened.on("close", () => {
      if (socket === opened) socket = undefined;
      settle(undefined);
    });
    return opened;
  }

  function read(opened: Socket): void {
    if (head === undefined) {
      const bytes = received.length === 1 ? received[0]! : Buffer.concat(received, length);
      received = [bytes];
      const at = bytes.indexOf(headEnd);
      if (at === -1) return;
      const text = bytes.toString("latin1", 0, at).toLowerCase();
      head = {
        status: Number(text.slice(9, 12)),
        retryAfter: numberAfter(text, "\r\nretry-after: "),
        model: textAfter(text, "\r\nx-attune-model: "),
        closes: text.includes("\r\nconnection: close"),
        end: at + 4 + (numberAfter(text, "\r\ncontent-length: ") ?? 0),
      };
    }
    if (length < head.end) return;
    const bytes = received.length === 1 ? received[0]! : Buffer.concat(received, length);
    const { status, retryAfter, model, end, closes } = head;
    const start = bytes.indexOf(headEnd) + 4;
    if (closes) {
      socket = undefined;
      opened.destroy();
    }
    settle({ status, retryAfter, model, closes, body: bytes.subarray(start, end) });
  }

  function settle(answer: RawAnswer | undefined): void {
    const waiting = pending;
    pending = undefined;
    head = undefined;
    received = [];
    length = 0;
    waiting?.(answer);
  }

  return {
    connect() {
      socket ??= open();
      const opened = socket;
      return new Promise((resolve) => {
        opened.once("connect", resolve).once("close", () => resolve());
      });
    },
    send(request) {
      socket ??= open();
      return new Promise((resolve) => {
        pending = resolve;
        socket!.write(request);
      });
    },
    close: () => socket?.destroy(),
  };
}

function textAfter(head: string, name: string): string | undefined {
  const at = head.indexOf(name);
  if (at === -1) return undefined;
  const start = at + name.length;
  const end = head.indexOf("\r\n", start);
  return head.slice(start, end === -1 ? undefined : end);
}

function numberAfter(head: string, name: string): number | undefined {
  const text = textAfter(head, name);
  return text === undefined ? undefined : Number(text);
}

/** The bytes of a POST with a JSON body. */
export function encodePost(path: string, body: string): Buffer {
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: storm\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
}
