package org.yifang.simulate;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Decides a whole day before it begins: who comes when, with what, and what happens then. The same
/// day whenever seed, size, date and catalogue are the same.
final class DayPlan {
    /// Patients entering a consulting room, per mille by hour from 7 o'clock: full mornings, a
    /// quiet noon.
    private static final int[] ARRIVALS_PER_MILLE = {
        30, 150, 190, 180, 110, 30, 60, 110, 85, 40, 15
    };

    private static final int FIRST_HOUR = 7;

    /// Out of a thousand prescriptions, how many have each ending; the rest are dispensed.
    private static final Map<Visit.Ending, Integer> ENDINGS =
            new EnumMap<>(
                    Map.of(
                            Visit.Ending.NOT_FETCHED, 30,
                            Visit.Ending.CANCELLED, 30,
                            Visit.Ending.REVIEW_REFUSED, 25,
                            Visit.Ending.GIVEN_UP, 20));

    /// Out of a thousand prescriptions, how many have each quirk.
    private static final Map<Visit.Quirk, Integer> QUIRKS =
            new EnumMap<>(
                    Map.ofEntries(
                            Map.entry(Visit.Quirk.REVIEWED_BEFORE, 550),
                            Map.entry(Visit.Quirk.SUBMITTED_TWICE, 40),
                            Map.entry(Visit.Quirk.NUMBER_REUSED, 10),
                            Map.entry(Visit.Quirk.UNKNOWN_DRUG, 15),
                            Map.entry(Visit.Quirk.TOO_EARLY, 30),
                            Map.entry(Visit.Quirk.READ_BY_STRANGER, 20),
                            // Rare: a client that guesses too often is made to wait.
                            Map.entry(Visit.Quirk.WRONG_CODE, 5),
                            Map.entry(Visit.Quirk.RACED, 30),
                            Map.entry(Visit.Quirk.CLAIMED_TWICE, 40),
                            Map.entry(Visit.Quirk.CLAIMED_BY_OTHER, 40),
                            Map.entry(Visit.Quirk.CHANGES_MIND, 40),
                            Map.entry(Visit.Quirk.DISPENSED_TWICE, 40),
                            Map.entry(Visit.Quirk.UNCHECKED, 15),
                            Map.entry(Visit.Quirk.COMES_AGAIN, 30)));

    /// One in so many goes to the counter in the hospital.
    private static final int ONE_IN_HOUSE_IN = 4;

    /// How many pharmacies a patient has in mind.
    private static final int PHARMACIES_PER_PATIENT = 3;

    private final RandomGenerator random;
    private final List<Person> people;
    private final Casebook casebook;

    private DayPlan(long seed, int prescriptions, LocalDate today, Casebook casebook) {
        this.random = new SplittableRandom(seed);
        // Some people are ill in two ways on one day.
        this.people = People.of(Math.max(10, prescriptions * 9 / 10), today, random);
        this.casebook = casebook;
    }

    /// The day's visits, in order of arrival.
    static List<Visit> of(long seed, int prescriptions, LocalDate today, Casebook casebook) {
        DayPlan plan = new DayPlan(seed, prescriptions, today, casebook);
        List<Visit> visits = new ArrayList<>(prescriptions);
        for (int index = 1; index <= prescriptions; index++) {
            visits.add(plan.visit(index));
        }
        visits.sort(Comparator.comparingInt(Visit::arrivalSecond).thenComparingInt(Visit::index));
        return visits;
    }

    private Visit visit(int index) {
        County.Hospital hospital = County.HOSPITALS.get(random.nextInt(100) < 65 ? 0 : 1);
        Set<Visit.Quirk> quirks = quirks();
        return new Visit(
                index,
                arrivalSecond(),
                hospital,
                random.nextInt(hospital.client().staff().size()),
                people.get(random.nextInt(people.size())),
                casebook.complaint(random),
                pharmacies(hospital),
                ending(quirks),
                quirks,
                random.nextLong());
    }

    private int arrivalSecond() {
        int left = random.nextInt(1000);
        for (int hour = 0; hour < ARRIVALS_PER_MILLE.length; hour++) {
            left -= ARRIVALS_PER_MILLE[hour];
            if (left < 0) {
                return (FIRST_HOUR + hour) * 3600 + random.nextInt(3600);
            }
        }
        throw new IllegalStateException("The arrivals of the hours do not sum to 1000.");
    }

    private Set<Visit.Quirk> quirks() {
        Set<Visit.Quirk> quirks = EnumSet.noneOf(Visit.Quirk.class);
        QUIRKS.forEach((quirk, perMille) -> {
            if (random.nextInt(1000) < perMille) {
                quirks.add(quirk);
            }
        });
        return quirks;
    }

    private Visit.Ending ending(Set<Visit.Quirk> quirks) {
        int left = random.nextInt(1000);
        for (Map.Entry<Visit.Ending, Integer> entry : ENDINGS.entrySet()) {
            left -= entry.getValue();
            if (left < 0) {
                boolean impossible =
                        entry.getKey() == Visit.Ending.REVIEW_REFUSED
                                && quirks.contains(Visit.Quirk.REVIEWED_BEFORE);
                return impossible ? Visit.Ending.DISPENSED : entry.getKey();
            }
        }
        return Visit.Ending.DISPENSED;
    }

    private List<County.Client> pharmacies(County.Hospital hospital) {
        List<County.Client> inTown = new ArrayList<>(County.PHARMACIES.subList(0, 10));
        Collections.shuffle(inTown, Random.from(random));
        List<County.Client> chosen = new ArrayList<>();
        if (random.nextInt(ONE_IN_HOUSE_IN) == 0) {
            chosen.add(County.PHARMACIES.get(hospital.inHousePharmacy()));
        }
        chosen.addAll(inTown);
        return chosen.subList(0, PHARMACIES_PER_PATIENT);
    }
}
