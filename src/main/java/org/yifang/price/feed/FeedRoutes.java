package org.yifang.price.feed;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.util.Optional;

/// `$price-feed`: a pharmacy says where its prices lie, and sees how fetching them goes.
public final class FeedRoutes {
    private final FeedDesk desk;
    private final Organizations organizations;

    public FeedRoutes(FeedDesk desk, Organizations organizations) {
        this.desk = desk;
        this.organizations = organizations;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.system("price-feed")
                        .roles(Role.PHARMACY)
                        .scope("ChargeItemDefinition.c")
                        .handler(this::feed));
    }

    /// With an address: fetched from now on. With `remove`: no more. With neither: only told.
    private Answer feed(Exchange exchange) {
        Organization pharmacy =
                organizations
                        .byId(exchange.caller().organizationId())
                        .filter(Organization::isPharmacy)
                        .orElseThrow(() ->
                                new Problem(
                                        ProblemCode.NOT_FOR_THIS_ROLE,
                                        "Your organization is no pharmacy here."));
        Inputs in = exchange.inputs();
        String url = in.findCode("url");
        Integer every = in.findInteger("every-minutes");
        boolean remove = Boolean.TRUE.equals(in.findFlag("remove"));
        if (url != null && !FeedDesk.isUsable(url)) {
            in.refuse("url", "`" + url + "` cannot be fetched.", "Send an http or https address.");
        }
        if (url != null && remove) {
            in.refuse("remove", "An address is set and removed at once.", "Send one of the two.");
        }
        if (every != null && (every < FeedDesk.EVERY_LEAST || every > FeedDesk.EVERY_MOST)) {
            in.refuse(
                    "every-minutes",
                    "Every `" + every + "` minutes.",
                    "Send " + FeedDesk.EVERY_LEAST + " to " + FeedDesk.EVERY_MOST + ".");
        }
        in.done();
        return exchange.recorded(() -> {
            if (remove) {
                desk.remove(pharmacy.id(), (_, _) -> {});
            } else if (url != null) {
                desk.put(pharmacy, url, every, exchange.now(), (_, _) -> {});
            }
            return Answer.ok(told(pharmacy));
        });
    }

    private byte[] told(Organization pharmacy) {
        Optional<FeedDesk.Feed> set = desk.find(pharmacy.id());
        return FhirWriter.parameters(all ->
                set.ifPresent(feed ->
                        all.url("url", feed.url())
                                .integer("every-minutes", feed.everyMinutes())
                                .integer("failures", feed.failures())
                                .string("outcome", feed.outcome())
                                .instant("next", feed.next())));
    }
}
