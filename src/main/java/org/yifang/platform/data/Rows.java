package org.yifang.platform.data;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/// Carries values between our types and those of the PostgreSQL client.
public final class Rows {
    /// The value of a column that is never null.
    public static <T> T get(Row row, Field<T> field) {
        return Objects.requireNonNull(find(row, field), field.getName());
    }

    /// The value of a column, null when it is null.
    public static <T> @Nullable T find(Row row, Field<T> field) {
        return ours(row.getValue(field.getName()), field);
    }

    /// A value of the PostgreSQL client as one of ours.
    static <T> @Nullable T ours(@Nullable Object value, Field<T> field) {
        return value == null ? null : field.getType().cast(ours(value, field.getType()));
    }

    private static Object ours(Object value, Class<?> type) {
        return switch (value) {
            case Buffer bytes -> bytes.getBytes();
            case Buffer[] many -> bytesOf(many);
            case OffsetDateTime time when type == Instant.class -> time.toInstant();
            case Numeric number -> number.bigDecimalValue();
            case Number number when type == Long.class -> number.longValue();
            case Number number when type == Integer.class -> number.intValue();
            case Number number when type == BigDecimal.class -> new BigDecimal(number.toString());
            default -> value;
        };
    }

    private static byte[][] bytesOf(Buffer[] many) {
        byte[][] bytes = new byte[many.length][];
        for (int i = 0; i < many.length; i++) {
            bytes[i] = many[i].getBytes();
        }
        return bytes;
    }

    static Tuple tuple(List<?> values) {
        Tuple tuple = Tuple.tuple();
        for (Object value : values) {
            tuple.addValue(theirs(value));
        }
        return tuple;
    }

    /// A value as the PostgreSQL client takes it.
    static @Nullable Object theirs(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case byte[] bytes -> Buffer.buffer(bytes);
            case byte[][] many -> buffersOf(many);
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case Instant[] many -> timesOf(many);
            case BigDecimal[] many -> numbersOf(many);
            default -> value;
        };
    }

    private static Buffer[] buffersOf(byte[][] many) {
        Buffer[] buffers = new Buffer[many.length];
        for (int i = 0; i < many.length; i++) {
            buffers[i] = many[i] == null ? null : Buffer.buffer(many[i]);
        }
        return buffers;
    }

    private static OffsetDateTime[] timesOf(Instant[] many) {
        OffsetDateTime[] times = new OffsetDateTime[many.length];
        for (int i = 0; i < many.length; i++) {
            times[i] = many[i] == null ? null : many[i].atOffset(ZoneOffset.UTC);
        }
        return times;
    }

    private static Numeric[] numbersOf(BigDecimal[] many) {
        Numeric[] numbers = new Numeric[many.length];
        for (int i = 0; i < many.length; i++) {
            numbers[i] = many[i] == null ? null : Numeric.create(many[i]);
        }
        return numbers;
    }

    private Rows() {}
}
