package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Where a published log is read from: its address, or a folder with the same paths.
@FunctionalInterface
public interface LogSource {
    /// The content at a path below the log's address, or null when there is none.
    ///
    /// @throws IOException when it cannot be asked
    byte @Nullable [] read(String path) throws IOException;

    /// The log at an `http` or `https` address, `https://yifang.example/audit`, or in a folder.
    static LogSource at(String location) {
        return location.matches("https?://.*")
                ? web(location.replaceAll("/+$", ""))
                : folder(Path.of(location));
    }

    private static LogSource folder(Path folder) {
        return path -> {
            Path file = folder.resolve(path);
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        };
    }

    private static LogSource web(String address) {
        HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
        return path -> {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address + "/" + path))
                            .timeout(Duration.ofSeconds(30))
                            .build();
            try {
                HttpResponse<byte[]> answer =
                        client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                return switch (answer.statusCode()) {
                    case 200 -> answer.body();
                    case 404, 410 -> null;
                    default ->
                            throw new IOException(
                                    request.uri() + " answered " + answer.statusCode());
                };
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted.", stop);
            }
        };
    }

    /// As `source`, and keeps what was read in a folder, which can be checked later without the
    /// server.
    static LogSource saving(LogSource source, Path folder) {
        return path -> {
            byte[] content = source.read(path);
            if (content != null) {
                Path file = folder.resolve(path);
                Path parent = file.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.write(file, content);
            }
            return content;
        };
    }
}
