import type { SpdyHeaders } from "./header-block.ts";

/** One frame of SPDY/3.1, read or to be written (SPDY/3.1 draft, section 2.6). */
export type Frame =
  | {
      readonly type: "synStream";
      readonly streamId: number;
      readonly fin: boolean;
      readonly unidirectional: boolean;
      readonly headers: SpdyHeaders;
    }
  | { readonly type: "synReply"; readonly streamId: number; readonly fin: boolean; readonly headers: SpdyHeaders }
  | { readonly type: "headers"; readonly streamId: number; readonly fin: boolean; readonly headers: SpdyHeaders }
  | { readonly type: "rstStream"; readonly streamId: number; readonly status: number }
  | { readonly type: "settings" }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "goaway"; readonly lastGoodStreamId: number; readonly status: number }
  | { readonly type: "windowUpdate"; readonly streamId: number; readonly deltaBytes: number }
  /** A long data frame is read in pieces as it comes; `fin` is set on its last one only. */
  | { readonly type: "data"; readonly streamId: number; readonly fin: boolean; readonly data: Uint8Array };

/** Numbers of the control frames. The gaps (5, and 10 for CREDENTIAL) are never sent and are passed over. */
export const controlType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** Why a stream was reset (SPDY/3.1 2.6.3). */
export const resetStatus = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  internalError: 6,
} as const;

/** Why a connection was given up (SPDY/3.1 2.6.6). */
export const goawayStatus = { ok: 0, protocolError: 1, internalError: 2 } as const;

/** Largest payload that a frame's 24-bit length can express. */
export const PAYLOAD_MAX_BYTES = 0xff_ff_ff;
