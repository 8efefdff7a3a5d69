package org.yifang.console.bureau;

import org.yifang.console.frame.Page;

import java.util.Map;

/// The methods of the reports in Chinese; the reports themselves describe them in English.
final class Methods {
    /// By how the English begins.
    private static final Map<String, String> CHINESE =
            Map.of(
                    "Median and P90 are quantiles",
                    "中位数与第 90 百分位取自 Kaplan–Meier 曲线；报告期的等候按基期的科室、时段、星期构成重新加权"
                            + "（任一侧不足 20 张票的层合并），粗值不加权。95% 区间来自每周值，误差为一阶自相关并计入各周已知方差，"
                            + "rho 与 sigma 在固定先验的网格上积分，不用随机数；任一侧不足 26 周时，取该区间与限制似然"
                            + "（Satterthwaite 自由度）中较宽者。对标准化每周中位数的对数作分段回归，满一年时计入季节，区间同上；"
                            + "并列 Newey–West 与 Prais–Winsten。XmR 图的移动极差经筛查，限取自基期；超过 8 小时的等候在该处截尾。",
                    "Laspeyres index on unit values",
                    "Laspeyres 指数，以同一药房同一产品（同通用名、剂型、规格、厂家，包装折合为单位）的单价计算，权数取基期；"
                            + "超出全县该产品当月中位数 1/4 至 4 倍的销售按中位数计；区间：按药房分组的学生化自助法，CR2 标准误。");

    static String of(Page page, String english) {
        if (page.en()) {
            return english;
        }
        return CHINESE.entrySet().stream()
                .filter(one -> english.startsWith(one.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(english);
    }

    private Methods() {}
}
