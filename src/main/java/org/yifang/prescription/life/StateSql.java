package org.yifang.prescription.life;

import org.jooq.Field;
import org.jooq.impl.DSL;

import java.util.List;
import java.util.stream.Stream;

/// States as constants of a statement: a plan made for any value could not use an index of some.
public final class StateSql {
    public static Field<String> inline(State state) {
        return DSL.inline(state.code());
    }

    /// The states in which nothing was ever handed out and nothing will be.
    public static List<Field<String>> neverFilled() {
        return Stream.of(State.REVIEW_REFUSED, State.CANCELLED, State.EXPIRED)
                .map(StateSql::inline)
                .toList();
    }

    private StateSql() {}
}
