package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.prescription.life.Circulation;
import org.yifang.prescription.life.State;
import org.yifang.tools.PositionalValues;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A state is named by its enum, which alone knows how it is stored and how FHIR calls it; whose a
/// prescription is, `SightViews` alone knows; a column is named beside its value.
class NamedOnceTest {
    private static final Path MAIN = Path.of("src/main/java/org/yifang");

    /// `ROLE` alone is the name of something else than a column.
    private static final String COLUMN =
            "\\b(?:STATE|STATUS|FATE|DECISION|EXCLUSION|KIND|CIRCULATION|SOURCE|(?<=\\.)ROLE)\\b";

    /// A column of states compared with a text, set to one, or read and compared with one.
    private static final Pattern IN_SQL =
            Pattern.compile(
                    COLUMN
                            + "(?:\\s*\\.\\s*(?:eq|ne|in|notIn)\\(|,|\\)\\s*\\.equals\\()"
                            + "\\s*(?:_ ->\\s*)?(?:DSL\\.)?(?:inline\\(\\s*)?\"[a-z-]+\""
                            + "|\\bname\\(\"(?:state|status|fate|decision|exclusion|kind"
                            + "|circulation|source|role)\"\\)\\)"
                            + "\\s*\\.\\s*(?:eq|ne|in|notIn)\\(\\s*\""
                            + "|\"[a-z-]+\"\\s*\\.\\s*equals\\((?:\\s*(?:Rows\\.)?(?:get|find)\\("
                            + "\\w+,\\s*\\w+\\s*\\.\\s*"
                            + COLUMN
                            + "|[\\w.()]*\\.(?:role|source|circulation)\\(\\))");

    /// What no other word is: `rest-awaiting-claim`, not `expired`; of where it may be dispensed,
    /// too.
    private static final Pattern OF_A_PRESCRIPTION =
            Pattern.compile(
                    Stream.concat(
                                    Arrays.stream(State.values()).map(State::code),
                                    Arrays.stream(Circulation.values()).map(Circulation::code))
                            .filter(code -> code.contains("-"))
                            .collect(Collectors.joining("|", "\"(?:", ")\"")));

    /// The columns that make a prescription somebody's, of the table or of an alias of it, compared
    /// with who calls.
    private static final Pattern SIGHT =
            Pattern.compile(
                    "\\b(?:PRESCRIPTION(?:_CLAIM)?(?:\\s*\\.\\s*as\\(\"\\w+\"\\))?"
                            + "|[a-z]\\w*)\\s*\\.\\s*"
                            + "(?:HOSPITAL_ID|CLAIMED_BY|HOSPITAL|PATIENT_ID|PHARMACY_ID)"
                            + "\\s*\\.\\s*(?:eq|in|isNotDistinctFrom)\\(\\s*(?:\\w+\\.)?"
                            + "(?:any\\(\\s*)?(?:who|caller)\\b");

    /// The columns that make a prescription an organization's, compared with anything but a column:
    /// who calls may have become a parameter, or the value of one.
    private static final Pattern SIGHT_OF_ORGANIZATION =
            Pattern.compile(
                    "\\b(?:(?:PRESCRIPTION(?:\\s*\\.\\s*as\\(\"\\w+\"\\))?|[a-z]\\w*)\\s*\\.\\s*"
                            + "(?:HOSPITAL_ID|CLAIMED_BY|HOSPITAL)"
                            + "|(?:PRESCRIPTION_CLAIM(?:\\s*\\.\\s*as\\(\"\\w+\"\\))?|[a-z]\\w*)"
                            + "\\s*\\.\\s*PHARMACY_ID)"
                            + "\\s*\\.\\s*(?:eq|in|isNotDistinctFrom)\\("
                            + "(?!\\s*[A-Z_]+\\s*\\.\\s*[A-Z_]+\\s*\\))");

    /// Who compares them without asking who may see, and why.
    private static final Map<String, String> NO_SIGHT =
            Map.of(
                    "prescription/submit/SubmitStore.java",
                    "looks for the document that has a number already, at the hospital it names");

    /// A role that decides by whose something is.
    private static final Pattern SIGHT_OF_ROLE =
            Pattern.compile(
                    "case (?:HOSPITAL|PHARMACY|PATIENT|REVIEWER) ->[^;]*?"
                            + "(?:\\b(?:organizationId|patientId|reviewsFor)\\(\\)"
                            + "\\s*\\.\\s*(?:equals|contains)\\("
                            + "|\\.(?:equals|contains)\\(\\s*\\w+\\s*\\.\\s*"
                            + "(?:organizationId|patientId)\\(\\))");

    /// The only column of an answer needs no name.
    private static final Pattern BY_POSITION =
            Pattern.compile(
                    "\\.get(?:Array|Boolean|Buffer|Double|Integer|Local|Long|Numeric|Offset|String"
                            + "|UUID|Value)\\w*\\(\\s*[1-9]\\d*\\s*\\)");

    /// Clients of the contract: they know states by the codes that are sent.
    private static final List<String> CLIENTS = List.of("console", "simulate");

    @Test
    void no_statement_names_a_state_by_a_text() throws IOException {
        assertThat(found(IN_SQL)).isEmpty();
    }

    @Test
    void the_states_of_a_prescription_are_named_once() throws IOException {
        assertThat(found(OF_A_PRESCRIPTION)).isEmpty();
    }

    @Test
    void who_may_see_a_prescription_stands_once() throws IOException {
        assertThat(found(SIGHT))
                .allMatch(one -> one.startsWith("prescription/life/SightViews.java"))
                .hasSizeGreaterThan(1);
        Set<String> files =
                found(SIGHT_OF_ORGANIZATION).stream()
                        .map(one -> one.substring(0, one.indexOf(": ")))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(files.remove("prescription/life/SightViews.java")).isTrue();
        assertThat(files).isEqualTo(NO_SIGHT.keySet());
        assertThat(found(SIGHT_OF_ROLE))
                .allMatch(one -> one.startsWith("platform/Sight.java"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void no_column_is_read_by_its_position() throws IOException {
        assertThat(found(BY_POSITION)).isEmpty();
    }

    @Test
    void no_statement_that_writes_takes_two_values_by_position() throws IOException {
        List<Path> files =
                sources().stream()
                        // They are what keeps column and value together.
                        .filter(one -> !one.startsWith(MAIN.resolve("platform/data")))
                        .toList();
        assertThat(PositionalValues.in(files))
                .as("Insert, Update or Prepared name a column beside its value")
                .isEmpty();
    }

    @Test
    void values_by_position_would_be_found(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("Positional.java"),
                        """
                        class Positional {
                            Object two = Statement.of(p -> SQL.update(T)
                                    .set(T.A, p.like(T.A)).where(T.B.eq(any(p.array(T.B)))));
                            Object loop = Statement.of(p -> {
                                COLUMNS.forEach(one -> parts.add(p.array(one)));
                                return SQL.query("insert into t", parts);
                            });
                            Object method = Statement.of(Positional::written);
                            Query written(Statement.Parameters q) {
                                return SQL.insertInto(T).set(T.A, q.like(T.A)).set(T.B, value(q));
                            }
                            Object value(Statement.Parameters of) { return of.like(T.B); }
                            Object elsewhere = Statement.of(Another::written);
                            Object handed = Statement.of(p -> SQL.deleteFrom(T).where(one(p)));
                            Object text = Database.SQL.query(
                                    "insert into t (a, b) values ({0}, {1})", val(a), val(b));
                            Object block = SQL.query(\"""
                                    update t set a = {0} where b = {1}
                                    \""", val(a), val(b));
                            Object named = SQL.query(TEXT, val(a), val(b));
                            Object asked = Statement.of(p -> {
                                for (Field one : COLUMNS) {
                                    parts.add(p.like(one));
                                }
                                return SQL.deleteFrom(T).where(parts);
                            });
                            Object one = Statement.of(p -> SQL.update(T).set(T.A, p.like(T.A)));
                            Object question = Statement.of(p -> SQL.select(T.A).from(T)
                                    .where(T.A.eq(p.like(T.A))).and(T.B.eq(p.like(T.B))));
                            Object prepared = Prepared.of(v -> SQL.update(T)
                                    .set(T.A, v.of(T.A, a)).set(T.B, v.of(T.B, b)));
                            Object locked = SQL.query("select for update {0}, {1}", val(a), val(b));
                        }
                        """);
        assertThat(PositionalValues.in(List.of(file)))
                .containsExactly(
                        "Positional.java:2",
                        "Positional.java:4",
                        "Positional.java:8",
                        "Positional.java:13",
                        "Positional.java:14",
                        "Positional.java:15",
                        "Positional.java:17",
                        "Positional.java:20",
                        "Positional.java:21");
    }

    @Test
    void what_is_looked_for_would_be_found() {
        assertThat(BY_POSITION.matcher("row.getString(4)").find()).isTrue();
        assertThat(
                        Stream.of(
                                ".where(PRICE_EVENT.STATUS.eq(\"held\"))",
                                "QUEUE_TICKET.FATE.eq(DSL.inline(\"served\"))",
                                "ADMIN_JOB\n  .STATE\n  .eq(\"waiting\")",
                                ".set(ADMIN_JOB.STATE, \"running\")",
                                ".set(PRESCRIPTION_LINE.STATUS, _ -> \"active\")",
                                "PRESCRIPTION.STATE.notIn(\n  inline(\"cancelled\"))",
                                "get(row, PRICE_EVENT.STATUS).equals(\"held\")",
                                ".where(SALE.KIND.eq(\"dispense\"))",
                                "field(name(\"kind\")).eq(\"history\")",
                                ".set(OFFER.SOURCE, \"dispense\")",
                                "AUDIT_EVENT.ROLE.eq(\"patient\")",
                                "get(row, PRESCRIPTION.CIRCULATION).equals(\"open\")",
                                "\"open\".equals(Rows.get(row, PRESCRIPTION.CIRCULATION))",
                                "\"patient\".equals(event.role())"))
                .allMatch(one -> IN_SQL.matcher(one).find());
        assertThat(
                        Stream.of(
                                "PRESCRIPTION.HOSPITAL.eq(any(who.reviewsFor()))",
                                "other.HOSPITAL_ID.eq(caller.organizationId())",
                                "PRESCRIPTION\n  .as(\"p\")\n  .PATIENT_ID.eq(who.patientId())",
                                "held.PHARMACY_ID.in(DSL.any(who.organizationId()))"))
                .allMatch(one -> SIGHT.matcher(one).find());
        assertThat(
                        Stream.of(
                                "PRESCRIPTION\n.HOSPITAL_ID\n.eq(p.like(PRESCRIPTION.HOSPITAL_ID))",
                                "PRESCRIPTION_CLAIM.PHARMACY_ID.eq(pharmacy)",
                                "PRESCRIPTION.CLAIMED_BY.in(\nv.of(DISPENSE.PHARMACY_ID, One::id))",
                                "held.PHARMACY_ID.isNotDistinctFrom(DSL.val(id))"))
                .allMatch(one -> SIGHT_OF_ORGANIZATION.matcher(one).find());
        assertThat(
                        Stream.of(
                                "PRESCRIPTION.HOSPITAL_ID.eq(ORGANIZATION.ID)",
                                "PRESCRIPTION_CLAIM.PHARMACY_ID.eq(DISPENSE.PHARMACY_ID)"))
                .noneMatch(one -> SIGHT_OF_ORGANIZATION.matcher(one).find());
        assertThat(
                        Stream.of(
                                "case HOSPITAL -> caller.organizationId().equals(hospital);",
                                "case PATIENT ->\n  id != null && id.equals(caller.patientId());",
                                "case REVIEWER -> told && who.reviewsFor().contains(number);"))
                .allMatch(one -> SIGHT_OF_ROLE.matcher(one).find());
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            Matcher matcher = pattern.matcher(Files.readString(file));
            while (matcher.find()) {
                found.add(MAIN.relativize(file) + ": " + matcher.group());
            }
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(one -> one.toString().endsWith(".java"))
                    .filter(one -> !CLIENTS.contains(MAIN.relativize(one).getName(0).toString()))
                    .toList();
        }
    }
}
