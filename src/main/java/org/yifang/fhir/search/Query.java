package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.XmlCharacters;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The parameters of a URL or of a form, in their order.
public final class Query {
    public static final Query EMPTY = new Query(List.of());

    /// More than any search needs, and few enough to look at each.
    private static final int PAIRS_MAX = 500;

    /// @param inUrl whether it stood in the URL, where logs of proxies keep it
    public record Pair(String name, String value, boolean inUrl) {}

    private final List<Pair> pairs;

    public Query(List<Pair> pairs) {
        this.pairs = pairs;
    }

    /// Reads `a=1&b=2`.
    ///
    /// @throws Problem `RX-1403` when it is not encoded as a URL is
    public static Query parse(@Nullable String encoded, boolean inUrl) {
        if (encoded == null || encoded.isEmpty()) {
            return EMPTY;
        }
        List<Pair> pairs = new ArrayList<>();
        for (String part : encoded.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            pairs.add(new Pair(decoded(name), decoded(value), inUrl));
        }
        if (pairs.size() > PAIRS_MAX) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The request has " + pairs.size() + " parameters.",
                    "Send at most " + PAIRS_MAX + ".");
        }
        return new Query(pairs);
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            int unfit = XmlCharacters.firstUnfit(decoded);
            if (unfit != XmlCharacters.NONE) {
                throw new Problem(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "A parameter holds the character "
                                + XmlCharacters.named(decoded.charAt(unfit))
                                + ", which no text holds here.",
                        "Send text that XML 1.0 can carry.");
            }
            return decoded;
        } catch (IllegalArgumentException failure) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "A parameter is not encoded as a URL is.",
                    "Write `%` as `%25`.");
        }
    }

    public Query plus(Query more) {
        List<Pair> all = new ArrayList<>(pairs);
        all.addAll(more.pairs);
        return new Query(all);
    }

    public List<Pair> pairs() {
        return pairs;
    }

    public boolean isEmpty() {
        return pairs.isEmpty();
    }

    public @Nullable String first(String name) {
        for (Pair pair : pairs) {
            if (pair.name().equals(name)) {
                return pair.value();
            }
        }
        return null;
    }

    public List<String> all(String name) {
        return pairs.stream().filter(pair -> pair.name().equals(name)).map(Pair::value).toList();
    }

    /// Writes it as a URL takes it.
    public String encoded() {
        StringBuilder text = new StringBuilder();
        for (Pair pair : pairs) {
            text.append(text.isEmpty() ? "" : "&")
                    .append(encode(pair.name()))
                    .append('=')
                    .append(encode(pair.value()));
        }
        return text.toString();
    }

    private static String encode(String text) {
        // These mean nothing in a query, and a search reads better with them.
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%2F", "/")
                .replace("+", "%20");
    }
}
