package org.yifang.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The files that pages load: our own and those of two libraries, all from this host.
public final class Assets {
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js",
                    "echarts.js", "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js");

    private record File(byte[] bytes, String tag, String type) {}

    private final Map<String, File> files = new ConcurrentHashMap<>();

    public void mount(Router router) {
        router.get("/assets/:name").handler(this::send);
        router.get("/favicon.ico").handler(http -> http.response().setStatusCode(204).end());
    }

    private void send(RoutingContext http) {
        String name = http.pathParam("name");
        File file = name.matches("[a-z-]{1,40}\\.(js|css|svg)") ? file(name) : null;
        if (file == null) {
            http.next();
            return;
        }
        http.response()
                .putHeader("ETag", file.tag())
                .putHeader("Cache-Control", "public, max-age=300, must-revalidate")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (file.tag().equals(http.request().getHeader("If-None-Match"))) {
            http.response().setStatusCode(304).end();
            return;
        }
        http.response().putHeader("Content-Type", file.type()).end(Buffer.buffer(file.bytes()));
    }

    private @Nullable File file(String name) {
        File known = files.get(name);
        if (known == null) {
            known = read(name);
            if (known != null) {
                files.put(name, known);
            }
        }
        return known;
    }

    private static @Nullable File read(String name) {
        String path = LIBRARIES.getOrDefault(name, "/pages/" + name);
        try (InputStream in = Assets.class.getResourceAsStream(path)) {
            if (in == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            String tag = '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
            return new File(bytes, tag, type(name));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String type(String name) {
        if (name.endsWith(".css")) {
            return "text/css; charset=utf-8";
        }
        return name.endsWith(".svg") ? "image/svg+xml" : "text/javascript; charset=utf-8";
    }
}
