package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Inside;
import org.yifang.notify.Happening;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.Topic;
import org.yifang.notify.subscription.Notification.NotifiedEvent;
import org.yifang.notify.subscription.Subscription.Content;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What of an event its receiver may know at the moment of telling. Its number is told in any case,
/// so that nobody looks for what is missing; what it is about, only to who may read that now.
public final class Telling {
    private final OutboxStore outbox;
    private final Inside inside;

    public Telling(OutboxStore outbox, Inside inside) {
        this.outbox = outbox;
        this.inside = inside;
    }

    /// Events as they are told now. Waits; each resource that is told is read by the receiver, in
    /// the audit log too.
    public List<NotifiedEvent> of(List<EventStore.Event> events, Content content, Caller caller) {
        if (content == Content.EMPTY) {
            return events.stream().map(Telling::mute).toList();
        }
        Map<Long, Happening> known =
                outbox.these(events.stream().map(EventStore.Event::outbox).toList());
        Map<String, Set<UUID>> seen = new HashMap<>();
        Map<String, byte @Nullable []> read = new HashMap<>();
        List<NotifiedEvent> told = new ArrayList<>();
        for (EventStore.Event event : events) {
            Happening what = known.get(event.outbox());
            boolean may =
                    what != null
                            && what.isFor(caller)
                            && (isOffered(what, caller)
                                    || seen.computeIfAbsent(
                                                    what.focusType(),
                                                    type -> visible(type, known, caller))
                                            .contains(what.focusId()));
            if (what == null || !may) {
                told.add(mute(event));
                continue;
            }
            String focus = what.focusType() + '/' + what.focusId();
            byte[] resource =
                    content == Content.FULL_RESOURCE
                            ? read.computeIfAbsent(focus, to -> inside.read(caller, '/' + to))
                            : null;
            told.add(new NotifiedEvent(event.number(), event.at(), focus, resource));
        }
        return told;
    }

    private static NotifiedEvent mute(EventStore.Event event) {
        return new NotifiedEvent(event.number(), event.at(), null, null);
    }

    /// A chosen pharmacy is told which prescription comes; it reads it once it has claimed it.
    private static boolean isOffered(Happening what, Caller caller) {
        return what.topic() == Topic.PRESCRIPTION_AVAILABLE && caller.is(Role.PHARMACY);
    }

    private Set<UUID> visible(String type, Map<Long, Happening> known, Caller caller) {
        return inside.visible(
                caller,
                type,
                known.values().stream()
                        .filter(one -> one.focusType().equals(type))
                        .map(Happening::focusId)
                        .collect(Collectors.toSet()));
    }
}
