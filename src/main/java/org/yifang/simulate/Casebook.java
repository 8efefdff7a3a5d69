package org.yifang.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What outpatients come with and what is prescribed, out of `complaints.csv`, in drugs that the
/// service's catalogue really has.
final class Casebook {
    private record Prescribed(
            String drug,
            BigDecimal dose,
            String doseUnit,
            int timesPerDay,
            int days,
            int quantity,
            boolean always) {}

    private record Case(
            int weight, String department, String icd, String diagnosis, List<Prescribed> lines) {}

    private final List<Case> cases;
    private final int weights;
    private final Shelf shelf;

    private Casebook(List<Case> cases, Shelf shelf) {
        this.cases = cases;
        this.weights = cases.stream().mapToInt(Case::weight).sum();
        this.shelf = shelf;
    }

    /// The cases whose drugs are all on the shelf.
    ///
    /// @throws IllegalStateException when there is none
    static Casebook of(Shelf shelf) {
        List<Case> possible =
                read().stream()
                        .filter(one -> one.lines().stream().allMatch(line -> onShelf(line, shelf)))
                        .toList();
        if (possible.isEmpty()) {
            throw new IllegalStateException(
                    "The service's catalogue has no drug of the simulated county."
                            + " Does it run with the demonstration data?");
        }
        return new Casebook(possible, shelf);
    }

    /// The generic names that the county's prescriptions use.
    static List<String> drugNames() {
        return read().stream()
                .flatMap(one -> one.lines().stream())
                .map(Prescribed::drug)
                .distinct()
                .sorted()
                .toList();
    }

    /// One complaint, as often as it is common.
    Complaint complaint(RandomGenerator random) {
        Case chosen = cases.getLast();
        int left = random.nextInt(weights);
        for (Case one : cases) {
            left -= one.weight();
            if (left < 0) {
                chosen = one;
                break;
            }
        }
        List<Complaint.Line> lines = new ArrayList<>();
        for (Prescribed line : chosen.lines()) {
            if (line.always() || random.nextBoolean()) {
                lines.add(line(line, random));
            }
        }
        return new Complaint(chosen.department(), chosen.icd(), chosen.diagnosis(), lines);
    }

    private Complaint.Line line(Prescribed line, RandomGenerator random) {
        List<Drug> products = shelf.named(line.drug());
        return new Complaint.Line(
                products.get(random.nextInt(products.size())),
                line.dose(),
                line.doseUnit(),
                line.timesPerDay(),
                line.days(),
                line.quantity());
    }

    private static boolean onShelf(Prescribed line, Shelf shelf) {
        return !shelf.named(line.drug()).isEmpty();
    }

    private static List<Case> read() {
        try (InputStream in = Casebook.class.getResourceAsStream("/simulate/complaints.csv")) {
            String text = new String(Optional.ofNullable(in).orElseThrow().readAllBytes(), UTF_8);
            return text.lines().filter(row -> !row.startsWith("#")).map(Casebook::row).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Case row(String row) {
        String[] cells = row.split(",", 5);
        List<Prescribed> lines =
                Arrays.stream(cells[4].split(";")).map(Casebook::prescribed).toList();
        return new Case(Integer.parseInt(cells[0]), cells[1], cells[2], cells[3], lines);
    }

    private static Prescribed prescribed(String line) {
        boolean always = !line.startsWith("?");
        String[] words = (always ? line : line.substring(1)).split(" ", -1);
        return new Prescribed(
                words[0],
                new BigDecimal(words[1]),
                words[2],
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                always);
    }
}
