package org.yifang.notify.deliver;

import org.jspecify.annotations.Nullable;
import org.yifang.notify.Happening;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.OutboxStore.Numbered;
import org.yifang.notify.Topic;
import org.yifang.notify.subscription.EventStore;
import org.yifang.notify.subscription.EventStore.Event;
import org.yifang.notify.subscription.LaneStore;
import org.yifang.notify.subscription.Owners;
import org.yifang.notify.subscription.Subscription;
import org.yifang.notify.subscription.SubscriptionStore;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Gives what happened to the Subscriptions that it is for, and numbers it for each. One instance
/// does it at a time, in the order of the outbox; so numbers have no gaps.
final class FanOut {
    private final Database database;
    private final SubscriptionStore subscriptions;
    private final EventStore events;
    private final Owners owners;
    private final InstantSource clock;

    FanOut(Database database, SubscriptionStore subscriptions, Owners owners, InstantSource clock) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.events = new EventStore(database);
        this.owners = owners;
        this.clock = clock;
    }

    /// Gives out a page of the outbox. Waits.
    ///
    /// @return whether there may be more
    boolean round() {
        if (!events.isAnyNew()) {
            return false;
        }
        return database.inTransaction(tx -> {
            Long from = EventStore.lockCursor(tx);
            if (from == null) {
                return false;
            }
            long last = OutboxStore.last(tx);
            if (from >= last) {
                return false;
            }
            List<Numbered> news = OutboxStore.between(tx, from, last);
            give(tx, news);
            long to = news.isEmpty() ? last : news.getLast().number();
            EventStore.moveCursor(tx, to);
            return to < last;
        });
    }

    private void give(Tx tx, List<Numbered> news) {
        Instant now = clock.instant();
        Map<UUID, List<Numbered>> wanted = wanted(tx, news, now);
        if (wanted.isEmpty()) {
            return;
        }
        Map<UUID, Long> last = LaneStore.lockLast(tx, wanted.keySet());
        List<Event> fresh = new ArrayList<>();
        wanted.forEach((subscription, its) -> {
            Long before = last.get(subscription);
            if (before == null) {
                // Deleted this moment.
                return;
            }
            long number = before;
            for (Numbered one : its) {
                number++;
                Happening what = one.happening();
                fresh.add(
                        new Event(
                                subscription, number, one.number(), what.focusId(), what.at(), 0));
            }
            last.put(subscription, number);
        });
        EventStore.add(tx, fresh, now);
        LaneStore.given(tx, last, now);
    }

    /// What each is to be told, in the order of the Subscriptions' ids: whoever locks several locks
    /// them alike.
    private Map<UUID, List<Numbered>> wanted(Tx tx, List<Numbered> news, Instant now) {
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        Set<UUID> named = new HashSet<>();
        for (Numbered one : news) {
            Happening what = one.happening();
            topics.add(what.topic());
            named.addAll(what.pharmacies());
            add(named, what.hospitalId());
            add(named, what.patientId());
        }
        if (topics.isEmpty()) {
            return Map.of();
        }
        Map<UUID, List<Numbered>> wanted = new LinkedHashMap<>();
        List<Subscription> listening =
                subscriptions.listening(tx, topics, named).stream()
                        .filter(one -> !one.isOver(now))
                        .sorted(Comparator.comparing(Subscription::id))
                        .toList();
        for (Subscription one : listening) {
            owners.now(one.owner(), "", "")
                    .map(caller ->
                            news.stream().filter(event -> isFor(event, one, caller)).toList())
                    .filter(its -> !its.isEmpty())
                    .ifPresent(its -> wanted.put(one.id(), its));
        }
        return wanted;
    }

    private static void add(Set<UUID> named, @Nullable UUID id) {
        if (id != null) {
            named.add(id);
        }
    }

    private static boolean isFor(Numbered event, Subscription one, Caller caller) {
        Happening what = event.happening();
        return what.topic() == one.request().topic()
                && one.request().filter().wants(what)
                && what.isFor(caller);
    }
}
