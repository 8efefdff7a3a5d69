package org.yifang.queue.evaluate;

import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.evaluate.PlanDayStore.Single;
import org.yifang.queue.evaluate.PlanDayStore.Unit;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// A day's tickets as a plan counts them: transfers followed to where they arrive, then each ticket
/// linked to one unit that another sender told of. What has no unit is struck, and of several
/// tickets of one unit the one counts that helps the claim least.
final class PlanLinks {
    /// Where a ticket was given.
    record Place(String organization, QueueStage stage) {
        boolean isAsked(EvaluationQuestion question) {
            return question.organizations().contains(organization) && isStage(question);
        }

        /// All other sites, unless the plan names them.
        boolean isControl(EvaluationQuestion question) {
            boolean other =
                    question.controls().isEmpty()
                            ? !question.organizations().contains(organization)
                            : question.controls().contains(organization);
            return other && isStage(question);
        }

        private boolean isStage(EvaluationQuestion question) {
            return question.stage() == null || question.stage() == stage;
        }
    }

    /// One that counts.
    ///
    /// @param seconds of the whole wait, transfers included
    record Counted(Single ticket, int seconds, Fate fate) {}

    /// What a stage of an organization comes to on a day.
    ///
    /// @param excluded linked or not, without a wait
    /// @param struck tickets of no unit
    record OfPlace(
            List<Counted> counted,
            List<Single> excluded,
            int units,
            int linked,
            int struck,
            int noArrival) {}

    /// Told by the organization itself, by whatever client: no witness, since it could make up
    /// both.
    private static final String OWN = "";

    private final Map<UUID, QueueRow> queues;
    private final boolean isLinked;
    private final EvaluationQuestion question;

    /// @param isLinked whether tickets are linked to units at all
    /// @param question knows where nothing was changed: a place there of which nobody tells units
    ///   is taken as it tells of itself, since it claims nothing
    PlanLinks(Map<UUID, QueueRow> queues, boolean isLinked, EvaluationQuestion question) {
        this.queues = queues;
        this.isLinked = isLinked;
        this.question = question;
    }

    /// @param isLater whether the day lies in the period: then of several tickets of one unit the
    ///   longest counts, before the change the shortest
    Map<Place, OfPlace> of(PlanDay day, boolean isLater) {
        Map<Place, List<Counted>> waits = new HashMap<>();
        Map<Place, List<Single>> excluded = new HashMap<>();
        Map<Place, Integer> lost = new HashMap<>();
        Map<Single, Counted> followed = followed(day.tickets(), lost);
        for (Single ticket : day.tickets()) {
            Place place = place(ticket);
            if (place == null) {
                continue;
            }
            if (ticket.exclusion() != null) {
                excluded.computeIfAbsent(place, _ -> new ArrayList<>()).add(ticket);
            } else if (followed.get(ticket) != null) {
                waits.computeIfAbsent(place, _ -> new ArrayList<>()).add(followed.get(ticket));
            }
        }
        Map<Place, Map<String, String>> units = new HashMap<>();
        for (Unit unit : day.units()) {
            QueueStage.of(unit.stage())
                    .ifPresent(stage ->
                            units.computeIfAbsent(
                                            new Place(unit.organization(), stage),
                                            _ -> new HashMap<>())
                                    .put(unit.unit(), unit.isOwn() ? OWN : unit.sender()));
        }
        Map<Place, OfPlace> places = new HashMap<>();
        List<Place> all = new ArrayList<>(waits.keySet());
        all.addAll(excluded.keySet());
        all.addAll(units.keySet());
        for (Place place : all) {
            places.computeIfAbsent(
                    place,
                    _ ->
                            place(
                                    isLinked
                                            && (units.containsKey(place)
                                                    || !place.isControl(question)),
                                    waits.getOrDefault(place, List.of()),
                                    excluded.getOrDefault(place, List.of()),
                                    units.getOrDefault(place, Map.of()),
                                    isLater,
                                    lost.getOrDefault(place, 0)));
        }
        return places;
    }

    private @org.jspecify.annotations.Nullable Place place(Single ticket) {
        QueueRow queue = queues.get(ticket.queue());
        return queue == null || queue.stage() == null
                ? null
                : new Place(queue.organization(), Objects.requireNonNull(queue.stage()));
    }

    private static OfPlace place(
            boolean isLinked,
            List<Counted> waits,
            List<Single> excluded,
            Map<String, String> units,
            boolean isLater,
            int noArrival) {
        if (!isLinked) {
            return new OfPlace(waits, excluded, 0, 0, 0, noArrival);
        }
        Map<String, Counted> linked = new HashMap<>();
        Comparator<Counted> longest = Comparator.comparingInt(Counted::seconds);
        for (Counted one : waits) {
            String unit = one.ticket.visit();
            String sender = unit == null ? null : units.get(unit);
            boolean isOthers =
                    sender != null && !sender.equals(OWN) && !sender.equals(one.ticket.source());
            if (unit != null && isOthers) {
                linked.merge(unit, one, (a, b) -> (longest.compare(a, b) >= 0) == isLater ? a : b);
            }
        }
        int struck = waits.size() + excluded.size() - linked.size();
        return new OfPlace(
                List.copyOf(linked.values()),
                List.of(),
                units.size(),
                linked.size(),
                struck,
                noArrival);
    }

    /// Every ticket with its whole wait. One that was transferred waits until it is served where it
    /// arrives; one that arrives nowhere has left.
    private Map<Single, Counted> followed(List<Single> tickets, Map<Place, Integer> lost) {
        Map<String, List<Single>> byPerson = new HashMap<>();
        for (Single ticket : tickets) {
            QueueRow queue = queues.get(ticket.queue());
            if (queue != null && ticket.joined() != null && ticket.fate() != null) {
                keys(ticket, queue)
                        .forEach(key ->
                                byPerson.computeIfAbsent(key, _ -> new ArrayList<>()).add(ticket));
            }
        }
        List<Single> latestFirst = new ArrayList<>(tickets);
        latestFirst.removeIf(one -> one.joined() == null || one.fate() == null);
        latestFirst.sort(
                Comparator.comparing((Single one) -> Objects.requireNonNull(one.joined()))
                        .reversed());
        Map<Single, Counted> followed = new HashMap<>();
        for (Single ticket : latestFirst) {
            int seconds = Objects.requireNonNullElse(ticket.seconds(), 0);
            Fate fate = Objects.requireNonNull(ticket.fate());
            if (fate != Fate.TRANSFERRED) {
                followed.put(ticket, new Counted(ticket, seconds, fate));
                continue;
            }
            Single arrival = arrival(ticket, byPerson);
            Counted there = arrival == null ? null : followed.get(arrival);
            if (there == null) {
                followed.put(ticket, new Counted(ticket, seconds, Fate.LEFT));
                Place place = place(ticket);
                if (place != null) {
                    lost.merge(place, 1, Integer::sum);
                }
                continue;
            }
            Instant end = Objects.requireNonNull(there.ticket.joined()).plusSeconds(there.seconds);
            int whole =
                    (int)
                            (end.getEpochSecond()
                                    - Objects.requireNonNull(ticket.joined()).getEpochSecond());
            followed.put(ticket, new Counted(ticket, Math.max(whole, 0), there.fate));
            if (Objects.equals(place(ticket), place(there.ticket))) {
                // The same stage: one wait, not two.
                followed.remove(there.ticket);
            }
        }
        return followed;
    }

    private static List<String> keys(Single ticket, QueueRow queue) {
        List<String> keys = new ArrayList<>();
        keys.add(queue.organization() + "#" + ticket.number());
        if (ticket.visit() != null) {
            keys.add(queue.organization() + "/" + ticket.visit());
        }
        return keys;
    }

    private @org.jspecify.annotations.Nullable Single arrival(
            Single ticket, Map<String, List<Single>> byPerson) {
        QueueRow queue = queues.get(ticket.queue());
        Instant from = ticket.joined();
        if (queue == null || from == null) {
            return null;
        }
        return keys(ticket, queue).stream()
                .flatMap(key -> byPerson.getOrDefault(key, List.of()).stream())
                .filter(one -> !one.queue().equals(ticket.queue()))
                .filter(one -> !Objects.requireNonNull(one.joined()).isBefore(from))
                .min(Comparator.comparing((Single one) -> Objects.requireNonNull(one.joined())))
                .orElse(null);
    }
}
