package org.yifang.workflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A person's browser without scripts: keeps cookies, fills in forms, follows nothing by itself.
public final class Browser {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Pattern TOKEN = Pattern.compile("name=\"form-token\" value=\"([^\"]+)\"");

    private final String url;
    private final Map<String, String> cookies = new TreeMap<>();

    /// A page, or where to go for it.
    public record Page(int status, String text, HttpResponse<String> raw) {
        public String location() {
            return raw.headers().firstValue("Location").orElse("");
        }

        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        public String formToken() {
            Matcher found = TOKEN.matcher(text);
            return found.find() ? found.group(1) : "";
        }
    }

    public Browser(String url) {
        this.url = url;
    }

    public Map<String, String> cookies() {
        return cookies;
    }

    public Page get(String path) {
        return send(page(path));
    }

    /// A request for a page, to be sent with headers of its own.
    public HttpRequest.Builder page(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).GET();
    }

    /// Posts a form as our own page would.
    public Page post(String path, Map<String, String> form) {
        return send(form(path, form).header("Origin", url));
    }

    public HttpRequest.Builder form(String path, Map<String, String> form) {
        String body =
                form.entrySet().stream()
                        .map(one -> one.getKey() + "=" + encoded(one.getValue()))
                        .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    /// Opens the page of a form, and posts it filled in.
    public Page fill(String path, Map<String, String> fields) {
        Map<String, String> form = new TreeMap<>(fields);
        form.put("form-token", get(path).formToken());
        return post(path, form);
    }

    public Page signIn(String login, String password) {
        return fill("/sign-in", Map.of("login", login, "password", password));
    }

    public Page send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("Set-Cookie")) {
                String pair = cookie.split(";", 2)[0];
                String name = pair.substring(0, pair.indexOf('='));
                String value = pair.substring(name.length() + 1);
                if (value.isEmpty()) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, value);
                }
            }
            return new Page(answer.statusCode(), answer.body(), answer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
