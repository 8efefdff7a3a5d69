package org.yifang.simulate;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Makes the people of a county: the same ones whenever the same random numbers come in.
final class People {
    private static final String SURNAMES =
            "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹";
    private static final List<String> GIVEN_NAMES_OF_MEN =
            List.of(
                    "建国", "志强", "国平", "德明", "永福", "文斌", "海涛", "俊杰", "浩", "伟", "勇", "军", "磊", "宏斌",
                    "振华", "家明", "新民", "光荣", "春生", "大伟", "晓东", "子轩", "一鸣", "立新", "金水", "长江");
    private static final List<String> GIVEN_NAMES_OF_WOMEN =
            List.of(
                    "秀英", "桂兰", "玉珍", "淑华", "春梅", "红霞", "丽娟", "晓燕", "敏", "静", "丽", "婷", "雪梅", "金花",
                    "翠平", "海燕", "小红", "凤英", "美玲", "欣怡", "雨桐", "佳慧", "冬梅", "水仙", "爱华", "腊梅");

    /// Years of age at which outpatients come, and how often: the old come most.
    private static final int[][] AGES = {
        {16, 24, 6},
        {25, 34, 11},
        {35, 44, 13},
        {45, 54, 20},
        {55, 64, 22},
        {65, 74, 18},
        {75, 92, 10}
    };

    /// As many different people as asked for; no two share an identity card.
    static List<Person> of(int count, LocalDate today, RandomGenerator random) {
        List<Person> people = new ArrayList<>(count);
        Set<String> known = new HashSet<>();
        while (people.size() < count) {
            Person person = one(today, random);
            if (known.add(person.identityCard())) {
                people.add(person);
            }
        }
        return people;
    }

    private static Person one(LocalDate today, RandomGenerator random) {
        int years = age(random);
        LocalDate birthDate = today.minusYears(years).minusDays(random.nextInt(1, 365));
        int order = random.nextInt(1, 1000);
        return Person.of(name(order % 2 == 1, random), birthDate, order);
    }

    /// A full name: one surname and one given name.
    static String name(boolean man, RandomGenerator random) {
        List<String> given = man ? GIVEN_NAMES_OF_MEN : GIVEN_NAMES_OF_WOMEN;
        char surname = SURNAMES.charAt(random.nextInt(SURNAMES.length()));
        return surname + given.get(random.nextInt(given.size()));
    }

    private static int age(RandomGenerator random) {
        int left = random.nextInt(100);
        for (int[] band : AGES) {
            left -= band[2];
            if (left < 0) {
                return random.nextInt(band[0], band[1] + 1);
            }
        }
        throw new IllegalStateException("The shares of the ages do not sum to 100.");
    }

    private People() {}
}
