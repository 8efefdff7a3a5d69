package org.yifang.prescription.life;

import org.yifang.prescription.life.Exploration.Edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes `docs/prescription-states.md` from the rules themselves: the picture of all states, and
/// who may do what in which.
public final class StatesPage {
    public static final Path FILE = Path.of("docs/prescription-states.md");

    private static final Map<String, String> WHO =
            Map.ofEntries(
                    Map.entry("approve", "reviewer"),
                    Map.entry("refuse", "reviewer"),
                    Map.entry("cancel", "hospital"),
                    Map.entry("suspend", "hospital, bureau"),
                    Map.entry("resume", "hospital, bureau"),
                    Map.entry("choose", "patient, or hospital at the patient's request"),
                    Map.entry("claim", "pharmacy with the pick-up code"),
                    Map.entry("claim by another", "pharmacy with the pick-up code"),
                    Map.entry("claim again", "the holder"),
                    Map.entry("renew", "the holder"),
                    Map.entry("release", "the holder"),
                    Map.entry("end the claim", "patient"),
                    Map.entry("dispense", "the holder"),
                    Map.entry("take back", "the pharmacy that dispensed"));

    /// Writes the page again.
    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
    }

    public static String text() {
        Exploration exploration = Exploration.run();
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # The states of a prescription

                Written from the rules by `org.yifang.prescription.life.StatesPage`; a test keeps \
                both equal,
                and another that the database allows exactly these transitions.

                ## The picture

                Each state with its `Task.status`. `time` is a lease or validity that ended, a \
                fill that
                opened, or a suspension whose `until` came.

                ```mermaid
                stateDiagram-v2
                """);
        for (State state : State.values()) {
            page.append("    state \"").append(state.path()).append("\" as ").append(state);
            page.append('\n');
        }
        page.append("    [*] --> AWAITING_REVIEW: submit\n");
        page.append("    [*] --> AWAITING_CLAIM: submit, reviewed\n");
        Map<String, Set<String>> labels = new TreeMap<>();
        for (Edge edge : exploration.edges) {
            labels.computeIfAbsent(edge.from() + " --> " + edge.to(), _ -> new TreeSet<>())
                    .add(edge.command());
        }
        labels.forEach((arrow, commands) ->
                page.append("    ")
                        .append(arrow)
                        .append(": ")
                        .append(String.join(", ", commands))
                        .append('\n'));
        page.append("```\n\n## Who may do what in which state\n\n");
        page.append(
                """
                `→` the next state · `stays` done, in the same state · `again` a repeated call: \
                nothing
                changes and the answer is the first one's · `RX-` refused with this code · empty: \
                cannot
                happen. Where a cell has several, quantity, fills, time and who held it decide. \
                Who may not
                see the prescription is answered 404 `RX-1004` before any of this; a pharmacy that \
                has not held
                it comes by the pick-up code alone.

                """);
        for (List<String> part : List.of(names(0, 6), names(6, Exploration.names().size()))) {
            table(page, exploration, part);
        }
        return page.toString();
    }

    private static List<String> names(int from, int to) {
        return Exploration.names().subList(from, to);
    }

    private static void table(StringBuilder page, Exploration exploration, List<String> commands) {
        page.append("| state |");
        commands.forEach(command ->
                page.append(" **")
                        .append(command)
                        .append("** (")
                        .append(WHO.get(command))
                        .append(") |"));
        page.append("\n|---").append("|---".repeat(commands.size())).append("|\n");
        for (State state : State.values()) {
            page.append("| ").append(state.path()).append(" |");
            for (String command : commands) {
                Set<String> outcomes =
                        exploration
                                .outcomes
                                .getOrDefault(state, Map.of())
                                .getOrDefault(command, Set.of());
                page.append(' ').append(String.join("; ", outcomes)).append(" |");
            }
            page.append('\n');
        }
        page.append('\n');
    }

    private StatesPage() {}
}
