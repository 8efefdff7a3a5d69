package org.yifang.fhir;

import org.jooq.Condition;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Statement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/// The caller as SQL sees it: fields to compare columns with, so that a statement about "what is
/// mine" is written once for a role and serves every caller of it.
public final class SqlCaller {
    private final Statement.@Nullable Parameters parameters;
    private final List<BiFunction<Caller, Instant, @Nullable Object>> values = new ArrayList<>();
    private final @Nullable Caller caller;
    private final Instant now;

    private SqlCaller(
            Statement.@Nullable Parameters parameters, @Nullable Caller caller, Instant now) {
        this.parameters = parameters;
        this.caller = caller;
        this.now = now;
    }

    /// Whoever will call: each field becomes a parameter of the statement.
    public static SqlCaller anybody(Statement.Parameters parameters) {
        return new SqlCaller(parameters, null, Instant.EPOCH);
    }

    /// This caller.
    public static SqlCaller is(Caller caller, Instant now) {
        return new SqlCaller(null, caller, now);
    }

    /// Id of the Organization of the client.
    public Field<UUID> organizationId() {
        return field(SQLDataType.UUID, (who, at) -> who.organizationId());
    }

    public Field<String> clientId() {
        return field(SQLDataType.CLOB, (who, at) -> who.clientId());
    }

    /// Id of the patient that a patient app acts for; compares with nothing when there is none.
    public Field<UUID> patientId() {
        return field(SQLDataType.UUID, (who, at) -> who.patientId());
    }

    /// What is a patient's own; of who showed a slip only what belongs to its prescription.
    ///
    /// @param patient column of the patient
    /// @param task column of the prescription, null in a row that belongs to none
    public Condition own(Field<UUID> patient, Field<UUID> task) {
        // Asked for in the order in which the statement takes them.
        Field<UUID> whose = patientId();
        Field<UUID> one = field(SQLDataType.UUID, (who, at) -> who.taskId());
        return patient.eq(whose).and(task.isNotDistinctFrom(DSL.coalesce(one, task)));
    }

    /// Whether the caller is not bound to one prescription.
    public Condition seesAll() {
        Field<UUID> one = field(SQLDataType.UUID, (who, at) -> who.taskId());
        Field<UUID> none = DSL.inline(new UUID(0, 0));
        return none.eq(DSL.coalesce(one, none));
    }

    /// Numbers of the hospitals that a reviewer reads for: `T.HOSPITAL.eq(any(who.reviewsFor()))`.
    public Field<String[]> reviewsFor() {
        return field(
                SQLDataType.CLOB.array(), (who, at) -> who.reviewsFor().toArray(new String[0]));
    }

    /// The moment of the call.
    public Field<Instant> now() {
        return field(SQLDataType.INSTANT, (who, at) -> at);
    }

    private <T> Field<T> field(DataType<T> type, BiFunction<Caller, Instant, @Nullable T> value) {
        if (parameters != null) {
            values.add(value::apply);
            return parameters.like(DSL.field(DSL.name("who"), type));
        }
        return DSL.val(caller == null ? null : value.apply(caller, now), type);
    }

    /// The values of one caller, in the order in which the fields were asked for.
    public List<@Nullable Object> valuesOf(Caller one, Instant at) {
        List<@Nullable Object> bound = new ArrayList<>(values.size());
        for (BiFunction<Caller, Instant, @Nullable Object> value : values) {
            bound.add(value.apply(one, at));
        }
        return bound;
    }
}
