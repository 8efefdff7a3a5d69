package org.yifang.platform.edge;

import org.yifang.platform.Limits;

import java.time.Duration;

/// The bounds of one server's edge; tests take smaller ones than [Limits] has.
///
/// @param head how long a head may take
/// @param bodyGrace how long a body may take beside what its bytes give it
/// @param bodyBytesPerSecond the slowest that a body may come, and an answer be taken
/// @param answersBytes of answers that their callers have not taken yet, in all
/// @param answersBytesEach of one connection, before it may ask for more
/// @param perSecond requests without a token of one address in the long run
public record Bounds(
        Duration head,
        Duration bodyGrace,
        int bodyBytesPerSecond,
        int connections,
        int connectionsPerAddress,
        int openBodies,
        int openBodiesPerAddress,
        int bodiesBytes,
        int answersBytes,
        int answersBytesEach,
        int perSecond,
        int burst) {
    /// Those of a service at work.
    public static final Bounds STANDARD =
            new Bounds(
                    Limits.HEAD,
                    Limits.BODY_GRACE,
                    Limits.BODY_BYTES_PER_SECOND,
                    Limits.CONNECTIONS,
                    Limits.CONNECTIONS_PER_ADDRESS,
                    Limits.OPEN_BODIES,
                    Limits.OPEN_BODIES_PER_ADDRESS,
                    Limits.BODIES_BYTES,
                    Limits.ANSWERS_BYTES,
                    Limits.ANSWERS_BYTES_PER_CONNECTION,
                    Limits.ADDRESS_REQUESTS_PER_SECOND,
                    Limits.ADDRESS_BURST);
}
