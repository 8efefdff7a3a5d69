package org.yifang.fhir.search;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Declares one search parameter of a [Stored] type: its name, its kind and the columns it reads.
public final class SearchBy {
    /// A condition on a token; the system is null when the caller named none, empty for `|code`;
    /// the code is null for `system|`.
    @FunctionalInterface
    public interface Token {
        public Condition match(@Nullable String system, @Nullable String code);

        /// This one or another.
        default Token or(Token other) {
            return (system, code) -> match(system, code).or(other.match(system, code));
        }
    }

    /// A condition on a value, for one caller.
    @FunctionalInterface
    public interface ForCaller {
        public Condition match(Caller caller, SqlCaller who, String value);
    }

    public final String name;
    public final String kind;
    public final Match match;
    private @Nullable Field<?> sort;
    private @Nullable Link link;
    private @Nullable String target;
    private @Nullable Field<String> text;
    private @Nullable SearchBy identified;
    private @Nullable Condition present;
    private @Nullable String remark;
    private boolean personal;

    private SearchBy(String name, String kind, @Nullable Field<?> sort, Match match) {
        this.name = name;
        this.kind = kind;
        this.sort = sort;
        this.match = match;
        this.present = match.column() == null ? null : match.column().isNotNull();
    }

    /// A code without a system.
    public static SearchBy token(String name, Field<String> code) {
        return token(name, code, "");
    }

    /// A code of one fixed system.
    public static SearchBy token(String name, Field<String> code, String system) {
        return token(name, code, Match.coded(code, system));
    }

    /// A code that stands in a column, and what more a resource may have.
    ///
    /// @param further is asked without system and code whether there is anything
    public static SearchBy token(String name, Field<String> code, String system, Token further) {
        return token(name, code, Match.coded(code, system).or(further))
                .present(code.isNotNull().or(further.match(null, null)));
    }

    private static SearchBy token(String name, Field<String> code, Token token) {
        return new SearchBy(name, "token", code, Match.token(code, token));
    }

    /// A code whose system stands in a column.
    public static SearchBy token(String name, Field<String> code, Field<String> system) {
        return token(name, code, Match.coded(code, system));
    }

    /// As before, and what more a resource may have.
    public static SearchBy token(
            String name, Field<String> code, Field<String> system, Token further) {
        return token(name, code, Match.coded(code, system).or(further))
                .present(code.isNotNull().or(further.match(null, null)));
    }

    /// A token that you compare yourself: a blind index, several identifiers, a status.
    public static SearchBy token(String name, Token token) {
        return new SearchBy(name, "token", null, Match.token(token));
    }

    /// A code that every resource of the table has.
    public static SearchBy fixed(String name, String code, String system) {
        SearchBy by = new SearchBy(name, "token", null, Match.fixed(code, system));
        return by.present(DSL.trueCondition());
    }

    /// What resources of this table never have, while others of the type have it.
    ///
    /// @param kind FHIR's type of search parameter
    /// @param nothing what is sorted by, always null
    public static SearchBy never(String name, String kind, Field<?> nothing) {
        SearchBy by = new SearchBy(name, kind, nothing, Match.never());
        return by.present(DSL.falseCondition());
    }

    /// Begins with, whatever the case; `:exact` and `:contains` too.
    public static SearchBy string(String name, Field<String> column) {
        return new SearchBy(name, "string", column, Match.string(column));
    }

    /// A moment, with prefixes.
    public static SearchBy date(String name, Field<Instant> column) {
        return new SearchBy(name, "date", column, Match.moment(column));
    }

    /// A calendar day, with prefixes.
    public static SearchBy day(String name, Field<LocalDate> column) {
        return new SearchBy(name, "date", column, Match.day(column));
    }

    /// A time from `start` (inclusive) to `end` (exclusive; null: still running), with prefixes.
    public static SearchBy period(String name, Field<Instant> start, Field<Instant> end) {
        return new SearchBy(name, "date", start, Match.period(start, end));
    }

    /// Several times of a resource, kept elsewhere; any of them may match.
    ///
    /// @param any makes a condition on the resource out of one on a row of those times
    /// @param present which resources have one
    public static SearchBy periods(
            String name,
            Field<Instant> start,
            Field<Instant> end,
            UnaryOperator<Condition> any,
            Condition present) {
        SearchBy by = new SearchBy(name, "date", null, Match.periods(start, end, any));
        return by.present(present);
    }

    /// A reference to a resource whose id stands in a column; can be included and chained.
    public static SearchBy reference(String name, Field<UUID> column, String target) {
        return reference(name, Link.by(column), target);
    }

    /// As [#reference], to a resource that another row leads to.
    public static SearchBy reference(String name, Link link, String target) {
        return linked(name, link, target, Match.reference(link, target));
    }

    /// As [#reference], for ids that are no UUIDs.
    public static SearchBy referenceByText(String name, Field<String> column, String target) {
        Link link = Link.by(column);
        return linked(name, link, target, Match.referenceByText(link, target));
    }

    private static SearchBy linked(String name, Link link, String target, Match match) {
        SearchBy by = new SearchBy(name, "reference", null, match);
        by.link = link;
        by.target = target;
        return by.present(link.present());
    }

    /// A number, with prefixes.
    public static SearchBy number(String name, Field<BigDecimal> column) {
        return new SearchBy(name, "number", column, Match.number(column));
    }

    /// A quantity `number|system|code`; without system and code any unit.
    public static SearchBy quantity(
            String name, Field<BigDecimal> value, Field<String> unit, String system) {
        return new SearchBy(name, "quantity", value, Match.quantity(value, unit, system));
    }

    /// A uri, whole; `:below` for what begins with it.
    public static SearchBy uri(String name, Field<String> column) {
        return new SearchBy(name, "uri", column, Match.uri(column));
    }

    /// What fits none of the others: each value of a list is given to `condition` by itself.
    ///
    /// @param kind FHIR's type of search parameter
    public static SearchBy custom(String name, String kind, Function<String, Condition> condition) {
        return new SearchBy(name, kind, null, Match.custom(condition));
    }

    /// What depends on who asks; no value is ever null, so that `:not` is the contrary.
    ///
    /// @param kind FHIR's type of search parameter
    public static SearchBy forCaller(
            String name, String kind, Set<String> modifiers, ForCaller condition) {
        return new SearchBy(name, kind, null, Match.forCaller(modifiers, condition));
    }

    /// The built-in `_id`.
    static SearchBy id(Field<?> column, Function<String, @Nullable Object> valueOf) {
        SearchBy by = new SearchBy("_id", "token", column, Match.id(column, valueOf));
        // What refers to a resource refers to its id: `_has`.
        by.link = Link.by(column);
        return by;
    }

    /// A parameter of resources in memory, where no column is asked.
    static SearchBy inMemory(String name, String kind, String... modifiers) {
        return new SearchBy(name, kind, null, Match.inMemory(modifiers));
    }

    /// Lets `:identifier` ask by an identifier of what is referred to, without its showing. It
    /// identifies a person, as [#personal].
    public SearchBy identifiedBy(Token token) {
        identified = token(name + ":identifier", token).personal();
        return this;
    }

    /// Lets `:identifier` ask by a public identifier of what is referred to, an organization's.
    public SearchBy identifiedAs(Token token) {
        identified = token(name + ":identifier", token);
        return this;
    }

    /// Identifies a person, so it is refused in a URL and kept out of links and audit.
    public SearchBy personal() {
        personal = true;
        return this;
    }

    /// Says which resources have a value at all, for `:missing`.
    public SearchBy present(Condition having) {
        present = having;
        return this;
    }

    /// What is told to whoever asks by it, and stands in the CapabilityStatement.
    public SearchBy remark(String english) {
        remark = english;
        return this;
    }

    /// Lets `_sort` use this column.
    public SearchBy sortedBy(Field<?> column) {
        sort = column;
        return this;
    }

    /// Lets `:text` search the words that a person sees.
    public SearchBy text(Field<String> column) {
        text = column;
        return this;
    }

    /// What `:identifier` asks, or null.
    public @Nullable SearchBy identified() {
        return identified;
    }

    /// Which resources have a value, or null when `:missing` cannot be asked.
    public @Nullable Condition present() {
        return present;
    }

    public @Nullable String remark() {
        return remark;
    }

    public boolean isPersonal() {
        return personal;
    }

    public @Nullable Field<?> sortField() {
        return sort;
    }

    @Nullable Link link() {
        return link;
    }

    public @Nullable String target() {
        return target;
    }

    public @Nullable Field<String> textField() {
        return text;
    }

    /// The canonical url as a parameter of `type`.
    public String definitionOn(String type) {
        return SearchDefinitions.url(type, name);
    }
}
