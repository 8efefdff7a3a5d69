package org.yifang.fhir.search;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Ids;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Turns the values of one search parameter into a condition, as FHIR R4 section 3.1.1 says.
public final class Match {
    /// @param name the parameter, for findings
    /// @param modifier what stood behind `:`, or null
    /// @param values the list, already split and unescaped by the kind's own rules
    /// @param now the moment of the search
    /// @param base our own base url, that references may begin with
    /// @param caller who asks
    record Asked(
            String name,
            @Nullable String modifier,
            List<String> values,
            Instant now,
            String base,
            Caller caller) {
        Problem unreadable(String value, String remedy) {
            return new Problem(
                    List.of(
                            new Problem.Finding(
                                    ProblemCode.PARAMETER_UNREADABLE,
                                    "The parameter `" + name + "` is `" + value + "`.",
                                    remedy,
                                    name,
                                    false)));
        }
    }

    private final Set<String> modifiers;
    private final Function<Asked, Condition> condition;
    private final @Nullable Field<?> column;

    private Match(
            Set<String> modifiers,
            @Nullable Field<?> column,
            Function<Asked, Condition> condition) {
        this.modifiers = modifiers;
        this.column = column;
        this.condition = condition;
    }

    /// Modifiers beside `:missing`.
    public Set<String> modifiers() {
        return modifiers;
    }

    /// The column without which a resource has no value, or null.
    @Nullable Field<?> column() {
        return column;
    }

    Condition of(Asked asked) {
        return condition.apply(asked);
    }

    private static Condition any(Asked asked, Function<String, Condition> one) {
        return DSL.or(asked.values().stream().map(one).map(Match::said).toList());
    }

    /// jOOQ leaves `noCondition()` out of an OR, as if it were false: what is always true says so.
    private static Condition said(Condition condition) {
        return condition.equals(DSL.noCondition()) ? DSL.trueCondition() : condition;
    }

    static SearchBy.Token coded(Field<String> code, String system) {
        return (named, wanted) -> {
            if (named != null && !named.equals(system)) {
                return DSL.falseCondition();
            }
            return wanted == null ? code.isNotNull() : code.eq(wanted);
        };
    }

    static SearchBy.Token coded(Field<String> code, Field<String> system) {
        return (named, wanted) -> {
            Condition same = wanted == null ? code.isNotNull() : code.eq(wanted);
            if (named == null) {
                return same;
            }
            return same.and(named.isEmpty() ? system.isNull().or(system.eq("")) : system.eq(named));
        };
    }

    static Match token(SearchBy.Token token) {
        return token(null, token);
    }

    /// A code that every resource has.
    static Match fixed(String code, String system) {
        return token((named, wanted) ->
                (named == null || named.equals(system)) && (wanted == null || wanted.equals(code))
                        ? DSL.trueCondition()
                        : DSL.falseCondition());
    }

    static Match token(@Nullable Field<String> column, SearchBy.Token token) {
        return new Match(
                Set.of("not"),
                column,
                asked -> {
                    Condition found = any(asked, value -> one(asked, token, value));
                    // Rows without a value are among those that do not have it.
                    return "not".equals(asked.modifier())
                            ? DSL.coalesce(DSL.field(found), DSL.inline(false)).isFalse()
                            : found;
                });
    }

    private static Condition one(Asked asked, SearchBy.Token token, String value) {
        int bar = SearchValues.bar(value);
        String system = bar < 0 ? null : SearchValues.plain(value.substring(0, bar));
        String code = SearchValues.plain(value.substring(bar + 1));
        if (code.isEmpty() && (system == null || system.isEmpty())) {
            throw asked.unreadable(value, "Write `code`, `system|code`, `|code` or `system|`.");
        }
        return token.match(system, code.isEmpty() ? null : code);
    }

    static Match string(Field<String> column) {
        return new Match(
                Set.of("exact", "contains"),
                column,
                asked ->
                        any(
                                asked,
                                raw -> {
                                    String value = SearchValues.plain(raw);
                                    return switch (asked.modifier()) {
                                        case "exact" -> column.eq(value);
                                        case "contains" -> column.containsIgnoreCase(value);
                                        case null, default -> column.startsWithIgnoreCase(value);
                                    };
                                }));
    }

    static Match moment(Field<Instant> column) {
        return dated(column, (range, asked) -> range.moment(column));
    }

    static Match day(Field<LocalDate> column) {
        return dated(column, (range, asked) -> range.day(column));
    }

    /// Of several times, any of which may match.
    ///
    /// @param any makes a condition on the resource out of one on a time of it
    static Match periods(Field<Instant> start, Field<Instant> end, UnaryOperator<Condition> any) {
        return dated(null, (range, asked) -> any.apply(range.period(start, end)));
    }

    static Match period(Field<Instant> start, Field<Instant> end) {
        return dated(start, (range, asked) -> range.period(start, end));
    }

    private static Match dated(
            @Nullable Field<?> column, BiFunction<DateRange, Asked, Condition> condition) {
        return new Match(
                Set.of(),
                column,
                asked -> any(asked, value -> condition.apply(DateRange.read(asked, value), asked)));
    }

    static Match number(Field<BigDecimal> column) {
        return new Match(
                Set.of(),
                column,
                asked -> any(asked, value -> NumberRange.read(asked, value).in(column)));
    }

    static Match quantity(Field<BigDecimal> value, Field<String> unit, String system) {
        return new Match(
                Set.of(),
                value,
                asked ->
                        any(
                                asked,
                                text -> {
                                    String[] parts = text.split("\\|", -1);
                                    Condition same = NumberRange.read(asked, parts[0]).in(value);
                                    if (parts.length == 1) {
                                        return same;
                                    }
                                    if (parts.length != 3) {
                                        throw asked.unreadable(
                                                text, "Write `5.4|system|code` or `5.4`.");
                                    }
                                    boolean alien = !parts[1].isEmpty() && !parts[1].equals(system);
                                    return alien
                                            ? DSL.falseCondition()
                                            : same.and(unit.eq(SearchValues.plain(parts[2])));
                                }));
    }

    static Match uri(Field<String> column) {
        return new Match(
                Set.of("below"),
                column,
                asked ->
                        any(
                                asked,
                                raw -> {
                                    String value = SearchValues.plain(raw);
                                    return "below".equals(asked.modifier())
                                            ? column.startsWith(value)
                                            : column.eq(value);
                                }));
    }

    static Match reference(Link link, String target) {
        return new Match(
                Set.of(target),
                null,
                asked ->
                        link.in(
                                ids(asked, target).stream()
                                        .flatMap(id -> Ids.uuid(id).stream())
                                        .toList()));
    }

    static Match referenceByText(Link link, String target) {
        return new Match(Set.of(target), null, asked -> link.in(ids(asked, target)));
    }

    /// The ids of `Type/id`, `id` and absolute urls of ours; others match nothing.
    private static List<String> ids(Asked asked, String target) {
        return asked.values().stream()
                .map(SearchValues::plain)
                .map(value ->
                        value.startsWith(asked.base() + '/')
                                ? value.substring(asked.base().length() + 1)
                                : value)
                .filter(value -> value.indexOf('/') < 0 || value.startsWith(target + '/'))
                .map(value ->
                        value.startsWith(target + '/')
                                ? value.substring(target.length() + 1)
                                : value)
                .filter(Ids::isId)
                .toList();
    }

    /// Ids that no row can have match none.
    static Match id(Field<?> column, Function<String, @Nullable Object> valueOf) {
        return new Match(
                Set.of(),
                null,
                asked -> {
                    List<Object> ids = new ArrayList<>();
                    for (String value : asked.values()) {
                        Object id = valueOf.apply(value);
                        if (id != null) {
                            ids.add(id);
                        }
                    }
                    return column.in(ids);
                });
    }

    /// Of resources that never have it.
    static Match never() {
        return new Match(
                Set.of("not"),
                null,
                asked -> {
                    boolean not = "not".equals(asked.modifier());
                    return not ? DSL.trueCondition() : DSL.falseCondition();
                });
    }

    static Match inMemory(String... modifiers) {
        return new Match(Set.of(modifiers), null, asked -> DSL.noCondition());
    }

    static Match forCaller(Set<String> modifiers, SearchBy.ForCaller condition) {
        return new Match(
                modifiers,
                null,
                asked -> {
                    SqlCaller who = SqlCaller.is(asked.caller(), asked.now());
                    Condition found =
                            any(
                                    asked,
                                    value ->
                                            condition.match(
                                                    asked.caller(),
                                                    who,
                                                    SearchValues.plain(value)));
                    return "not".equals(asked.modifier()) ? DSL.not(found) : found;
                });
    }

    static Match custom(Function<String, Condition> condition) {
        return new Match(
                Set.of(),
                null,
                asked -> any(asked, value -> condition.apply(SearchValues.plain(value))));
    }
}
