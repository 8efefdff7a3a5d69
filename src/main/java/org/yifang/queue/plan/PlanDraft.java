package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a plan says, before and after it is registered.
///
/// @param goal id of the Measure, `queue-time-reduction`
/// @param baselineEnd last day of the baseline, included
/// @param periodEnd last day of the period, included
/// @param terms what the goal needs beside, in the goal's canonical order
/// @param sites numbers of the organizations it speaks of, `*` for all of the county
public record PlanDraft(
        String goal,
        String title,
        LocalDate baselineStart,
        LocalDate baselineEnd,
        LocalDate periodStart,
        LocalDate periodEnd,
        List<Term> terms,
        List<String> sites) {
    /// The site of a plan that speaks of all.
    public static final String EVERYWHERE = "*";

    /// One of a plan's terms; a name may stand several times.
    public record Term(String name, String value) {}

    public PlanDraft {
        terms = List.copyOf(terms);
        sites = sites.stream().sorted().distinct().toList();
    }

    /// The first value of a term, null when it is not there.
    public @Nullable String term(String name) {
        return terms(name).stream().findFirst().orElse(null);
    }

    /// Every value of a term.
    public List<String> terms(String name) {
        return terms.stream().filter(one -> one.name.equals(name)).map(Term::value).toList();
    }

    /// The goal's terms as text: what is stored, and part of what is hashed.
    String termsText() {
        return terms.stream()
                .map(one -> one.name + "=" + escaped(one.value))
                .collect(Collectors.joining("&"));
    }

    /// Everything that the plan says, in one order: what its hash is of, and what is published.
    public String canonical() {
        return "goal=%s&title=%s&baselineStart=%s&baselineEnd=%s&periodStart=%s&periodEnd=%s"
                        .formatted(
                                goal,
                                escaped(title),
                                baselineStart,
                                baselineEnd,
                                periodStart,
                                periodEnd)
                + (terms.isEmpty() ? "" : "&" + termsText());
    }

    /// SHA-256 of [#canonical].
    public byte[] hash() {
        return sha256(canonical());
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Days of the period.
    public long days() {
        return ChronoUnit.DAYS.between(periodStart, periodEnd) + 1;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (c == '&' || c == '=' || c == '%') {
                        escaped.append(String.format(Locale.ROOT, "%%%02X", c));
                    } else {
                        escaped.appendCodePoint(c);
                    }
                });
        return escaped.toString();
    }

    /// The terms of a stored text.
    static List<Term> termsOf(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        return List.of(text.split("&")).stream()
                .map(one -> one.split("=", 2))
                .map(pair -> new Term(pair[0], plain(pair[1])))
                .toList();
    }

    private static String plain(String text) {
        return text.replace("%26", "&").replace("%3D", "=").replace("%25", "%");
    }
}
