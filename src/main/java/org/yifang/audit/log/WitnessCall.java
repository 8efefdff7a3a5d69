package org.yifang.audit.log;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.yifang.platform.OutboundCall;

import java.util.concurrent.TimeUnit;

/// One call to a witness. It is another's machine: whatever it does, the call ends in time and
/// holds no more than an answer may have.
final class WitnessCall {
    /// From the first byte to the last; a witness that sends a byte now and then is cut off too.
    static final long TIME_MOST_MS = 5_000;

    /// Cosignature lines are some 150 bytes each.
    static final int ANSWER_BYTES_MOST = 16 * 1024;

    /// What a witness answered.
    record Answered(int status, String body) {}

    /// Sends and waits for the answer.
    ///
    /// @throws RuntimeException when there is none in time, or it is too long
    static Answered post(HttpClient client, String address, Buffer body) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(address)
                        .setConnectTimeout(TIME_MOST_MS);
        HttpClientRequest request =
                client.request(options).timeout(TIME_MOST_MS, TimeUnit.MILLISECONDS).await();
        return OutboundCall.send(request, body, WitnessCall::collect)
                .timeout(TIME_MOST_MS, TimeUnit.MILLISECONDS)
                // An unfinished call would hold its connection and go on reading.
                .onFailure(failure -> request.reset())
                .await();
    }

    private static Future<Answered> collect(HttpClientResponse response) {
        Promise<Answered> whole = Promise.promise();
        Buffer kept = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.endHandler(
                end -> whole.tryComplete(new Answered(response.statusCode(), kept.toString())));
        response.handler(piece -> {
            if (kept.length() + piece.length() > ANSWER_BYTES_MOST) {
                whole.tryFail("answered more than " + ANSWER_BYTES_MOST + " bytes");
            } else if (!whole.future().isComplete()) {
                kept.appendBuffer(piece);
            }
        });
        return whole.future();
    }

    private WitnessCall() {}
}
