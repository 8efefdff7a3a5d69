package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PATIENT_NAMED;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.SearchBy;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// How patients are searched by what is sealed: by whole values, under blind indexes. A hospital
/// finds a person as its own documents say, never by what another's say.
final class PatientSearchViews {
    static SearchBy name(BlindIndexes indexes) {
        return SearchBy.forCaller(
                        "name",
                        "string",
                        Set.of("exact"),
                        (caller, who, value) ->
                                found(
                                        caller,
                                        who,
                                        PATIENT.NAME_INDEX,
                                        PATIENT_NAMED.NAME_INDEX,
                                        all(indexes, index -> index.name(value))))
                .remark("Write the whole name: names are sealed, and a part of one finds nobody.")
                .personal();
    }

    static SearchBy phone(BlindIndexes indexes) {
        return SearchBy.forCaller(
                        "phone",
                        "token",
                        Set.of(),
                        (caller, who, value) ->
                                found(
                                        caller,
                                        who,
                                        PATIENT.PHONE_INDEX,
                                        PATIENT_NAMED.PHONE_INDEX,
                                        all(indexes, index -> index.phone(value))))
                .personal();
    }

    static SearchBy birthDate(BlindIndexes indexes) {
        return SearchBy.forCaller(
                        "birthdate",
                        "date",
                        Set.of(),
                        (caller, who, value) ->
                                found(
                                        caller,
                                        who,
                                        PATIENT.BIRTH_INDEX,
                                        PATIENT_NAMED.BIRTH_INDEX,
                                        all(
                                                indexes,
                                                index ->
                                                        PersonIndexes.birth(
                                                                index, day(caller, value)))))
                .remark("Write a whole day, `1958-09-21`: birth dates are sealed.")
                .present(DSL.trueCondition())
                .personal();
    }

    static SearchBy gender(BlindIndexes indexes) {
        return SearchBy.forCaller(
                        "gender",
                        "token",
                        Set.of("not"),
                        (caller, who, value) ->
                                found(
                                        caller,
                                        who,
                                        PATIENT.GENDER_INDEX,
                                        PATIENT_NAMED.GENDER_INDEX,
                                        all(
                                                indexes,
                                                index -> PersonIndexes.gender(index, code(value)))))
                .present(DSL.trueCondition());
    }

    private static List<byte[]> all(BlindIndexes indexes, Function<BlindIndex, byte[]> of) {
        return indexes.all(of);
    }

    private static String code(String value) {
        String system = "http://hl7.org/fhir/administrative-gender|";
        String code = value.startsWith(system) ? value.substring(system.length()) : value;
        return code.toLowerCase(Locale.ROOT);
    }

    /// A masked birth date shows its year: whoever may ask for the day would find out by asking.
    private static LocalDate day(Caller caller, String value) {
        if (caller.is(Role.AUDITOR)) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `birthdate` asks for what is masked for you.",
                    "Search by the number of the identity card.");
        }
        String day = value.startsWith("eq") ? value.substring(2) : value;
        try {
            return LocalDate.parse(day);
        } catch (DateTimeException unreadable) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `birthdate` is no whole day.",
                    "Write `1958-09-21`: birth dates are sealed, and only whole days are found.");
        }
    }

    /// Two looks into indexes, put together, since an OR over them would look at everybody. Of whom
    /// its documents never named, or only before that was kept, a hospital knows what the registry
    /// does, unless two have differed.
    private static Condition found(
            Caller caller,
            SqlCaller who,
            Field<byte[]> column,
            Field<byte[]> named,
            List<byte[]> wanted) {
        if (!caller.is(Role.HOSPITAL)) {
            return column.in(wanted);
        }
        var person = PATIENT.as("person");
        var own = PATIENT_NAMED.as("own");
        Condition ownNaming = PATIENT_NAMED.ORGANIZATION_ID.eq(who.organizationId());
        return PATIENT.ID.in(
                SQL.select(PATIENT_NAMED.PATIENT_ID)
                        .from(PATIENT_NAMED)
                        .where(named.in(wanted))
                        .and(ownNaming)
                        .unionAll(
                                SQL.select(person.ID)
                                        .from(person)
                                        .where(person.field(column).in(wanted))
                                        .andNot(person.NAME_DIFFERS)
                                        .andNotExists(
                                                SQL.selectOne()
                                                        .from(own)
                                                        .where(own.PATIENT_ID.eq(person.ID))
                                                        .and(
                                                                own.ORGANIZATION_ID.eq(
                                                                        who.organizationId())))));
    }

    private PatientSearchViews() {}
}
