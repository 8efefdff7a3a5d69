package org.yifang.simulate;

import org.yifang.simulate.SearchFacts.Fact;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/// Questions made from the values that there are, and by R4's words who answers each.
final class SearchQuestions {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(SHANGHAI);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").withZone(SHANGHAI);
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mmXXX").withZone(SHANGHAI);
    private static final String NOWHERE = "http://nowhere.example";

    /// @param query modifier and value, `:not=final`
    /// @param matches whether a resource with these facts is an answer
    record Question(String query, Predicate<List<Fact>> matches) {}

    private final List<Question> questions = new ArrayList<>();
    private final List<List<Fact>> all;
    private final int most;

    private SearchQuestions(List<List<Fact>> all, int most) {
        this.all = all;
        this.most = most;
    }

    /// @param kind FHIR's type of search parameter
    /// @param all the facts of each resource
    /// @param most how many values are asked for
    static List<Question> of(String kind, List<List<Fact>> all, int most) {
        SearchQuestions made = new SearchQuestions(all, most);
        switch (kind) {
            case "token" -> made.tokens();
            case "reference" -> made.references();
            case "date" -> made.dates();
            case "string" -> made.strings();
            case "quantity", "number" -> made.numbers();
            default -> made.uris();
        }
        return made.questions;
    }

    /// Some of the values, from both ends and the middle.
    private <F extends Fact> List<F> some(Class<F> kind) {
        Set<F> distinct = new LinkedHashSet<>();
        all.forEach(facts ->
                facts.stream().filter(kind::isInstance).map(kind::cast).forEach(distinct::add));
        List<F> list = List.copyOf(distinct);
        Set<F> chosen = new LinkedHashSet<>();
        for (int i = 0; i < most && !list.isEmpty(); i++) {
            chosen.add(list.get((int) ((long) i * (list.size() - 1) / Math.max(1, most - 1))));
        }
        return List.copyOf(chosen);
    }

    private void any(String query, Predicate<Fact> fact) {
        questions.add(new Question(query, facts -> facts.stream().anyMatch(fact)));
    }

    private void none(String query, Predicate<Fact> fact) {
        questions.add(new Question(query, facts -> facts.stream().noneMatch(fact)));
    }

    private void missing() {
        questions.add(new Question(":missing=true", List::isEmpty));
        questions.add(new Question(":missing=false", facts -> !facts.isEmpty()));
    }

    private static boolean is(Fact fact, String code) {
        return fact instanceof Fact.Token token && token.code().equals(code);
    }

    private void tokens() {
        missing();
        List<Fact.Token> some = some(Fact.Token.class);
        for (Fact.Token one : some) {
            String code = escaped(one.code());
            any("=" + code, fact -> is(fact, one.code()));
            none(":not=" + code, fact -> is(fact, one.code()));
            any("=" + NOWHERE + "|" + code, fact -> false);
            none(":not=" + NOWHERE + "|" + code, fact -> false);
            if (!one.plain() && one.system() != null) {
                any("=" + one.system() + "|" + code, one::equals);
                none(":not=" + one.system() + "|" + code, one::equals);
                any(
                        "=" + one.system() + "|",
                        fact ->
                                fact instanceof Fact.Token other
                                        && one.system().equals(other.system()));
                any("=|" + code, fact -> false);
            }
        }
        if (some.size() > 1) {
            Fact.Token one = some.getFirst();
            Fact.Token two = some.getLast();
            String list = escaped(one.code()) + "," + escaped(two.code());
            any("=" + list, fact -> is(fact, one.code()) || is(fact, two.code()));
            none(":not=" + list, fact -> is(fact, one.code()) || is(fact, two.code()));
        }
        if (!some.isEmpty()) {
            Fact.Token one = some.getFirst();
            any("=no-such-code," + escaped(one.code()), fact -> is(fact, one.code()));
        }
        any("=no-such-code", fact -> false);
        none(":not=no-such-code", fact -> false);
    }

    private void references() {
        missing();
        List<Fact.Ref> some =
                some(Fact.Ref.class).stream().filter(one -> !one.reference().isEmpty()).toList();
        for (Fact.Ref one : some) {
            String reference = one.reference();
            any("=" + reference, one::equals);
            any("=" + reference.substring(reference.indexOf('/') + 1), one::equals);
        }
        if (some.size() > 1) {
            Fact.Ref one = some.getFirst();
            Fact.Ref two = some.getLast();
            any(
                    "=" + one.reference() + "," + two.reference(),
                    fact -> fact.equals(one) || fact.equals(two));
        }
        any("=Basic/00000000-0000-7000-8000-000000000000", fact -> false);
    }

    private void dates() {
        missing();
        for (Fact.Span one : some(Fact.Span.class)) {
            Instant at = one.from() == null ? one.to() : one.from();
            if (at == null) {
                continue;
            }
            Instant second = Instant.ofEpochSecond(at.getEpochSecond());
            Instant minute = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 60) * 60);
            LocalDate day = LocalDate.ofInstant(at, SHANGHAI);
            compared(MILLIS.format(at), at, at.plusMillis(1));
            compared(SECONDS.format(at), second, second.plusSeconds(1));
            compared(MINUTES.format(at), minute, minute.plusSeconds(60));
            compared(day.toString(), midnight(day), midnight(day.plusDays(1)));
            compared(
                    day.toString().substring(0, 7),
                    midnight(day.withDayOfMonth(1)),
                    midnight(day.withDayOfMonth(1).plusMonths(1)));
            compared(
                    day.toString().substring(0, 4),
                    midnight(day.withDayOfYear(1)),
                    midnight(day.withDayOfYear(1).plusYears(1)));
        }
        compared("1999", midnight(LocalDate.of(1999, 1, 1)), midnight(LocalDate.of(2000, 1, 1)));
        Instant later = Instant.now().plus(Duration.ofDays(4000));
        compared(SECONDS.format(later), later, later.plusSeconds(1));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(SHANGHAI).toInstant();
    }

    /// R4, 3.1.1.4.5 and the table of 3.1.1.5.5: by the ranges of both.
    private void compared(String text, Instant from, Instant to) {
        date("=" + text, one -> within(one, from, to));
        date("=eq" + text, one -> within(one, from, to));
        date("=ne" + text, one -> !within(one, from, to));
        date("=gt" + text, one -> one.to() == null || one.to().isAfter(to));
        date("=lt" + text, one -> one.from() == null || one.from().isBefore(from));
        date(
                "=ge" + text,
                one -> one.to() == null || one.to().isAfter(to) || within(one, from, to));
        date(
                "=le" + text,
                one -> one.from() == null || one.from().isBefore(from) || within(one, from, to));
        date("=sa" + text, one -> one.from() != null && !one.from().isBefore(to));
        date("=eb" + text, one -> one.to() != null && !one.to().isAfter(from));
        date("=1999," + text, one -> within(one, from, to));
    }

    private void date(String query, Predicate<Fact.Span> matches) {
        any(query, fact -> fact instanceof Fact.Span one && matches.test(one));
    }

    private static boolean within(Fact.Span one, Instant from, Instant to) {
        return one.from() != null
                && one.to() != null
                && !one.from().isBefore(from)
                && !one.to().isAfter(to);
    }

    private void strings() {
        missing();
        for (Fact.Text one : some(Fact.Text.class)) {
            String value = one.value();
            String begin = value.substring(0, Math.min(2, value.length()));
            String middle = value.substring(value.length() / 2);
            text("=" + escaped(begin), other -> low(other).startsWith(low(begin)));
            text(":exact=" + escaped(value), value::equals);
            text(":exact=" + escaped(begin), begin::equals);
            text(":contains=" + escaped(middle), other -> low(other).contains(low(middle)));
        }
        text("=%", other -> other.startsWith("%"));
    }

    private static String low(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private void text(String query, Predicate<String> matches) {
        any(query, fact -> fact instanceof Fact.Text one && matches.test(one.value()));
    }

    private void numbers() {
        missing();
        for (Fact.Amount one : some(Fact.Amount.class)) {
            BigDecimal value = one.value();
            number("=" + value.toPlainString(), other -> isAsExact(other, value));
            number("=gt" + value.toPlainString(), other -> other.compareTo(value) > 0);
            number("=le" + value.toPlainString(), other -> other.compareTo(value) <= 0);
            number("=ne" + value.toPlainString(), other -> !isAsExact(other, value));
        }
    }

    /// R4, 3.1.1.4.5: 100 asks for what is in [99.5, 100.5).
    private static boolean isAsExact(BigDecimal value, BigDecimal asked) {
        BigDecimal half = BigDecimal.valueOf(5, asked.scale() + 1);
        return value.compareTo(asked.subtract(half)) >= 0 && value.compareTo(asked.add(half)) < 0;
    }

    private void number(String query, Predicate<BigDecimal> matches) {
        any(query, fact -> fact instanceof Fact.Amount one && matches.test(one.value()));
    }

    private void uris() {
        missing();
        for (Fact.Token one : some(Fact.Token.class)) {
            any("=" + escaped(one.code()), fact -> is(fact, one.code()));
        }
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(",", "\\,")
                .replace("|", "\\|")
                .replace("$", "\\$");
    }
}
