'use strict';
// What the interface says in detail is in English; this says it on Chinese pages. A sentence that is
// not known here is told by the values in it: what is wrong with them stands before it, in Chinese.
(() => {
  const KNOWN = [
    [/^`([^`]+)` is empty\.$/, '$1 为空。'],
    [/^The column `([^`]+)` is empty\.$/, '$1 一栏为空。'],
    [/^`day` (\S+) is still to come\.$/, '日期 $1 尚未到来。'],
    [/^A ticket is served or left, not both\.$/, '一张票不能既已接待又已离开。'],
    [/^It ends at `([^`]+)`, before it begins at `([^`]+)`\.$/, '结束时间 $1 早于开始时间 $2。'],
    [/^`([^`]+)` is no stage\.$/, '没有 $1 这一环节。'],
    [/^`([^`]+)` has more than 64 characters\.$/, '$1 超过 64 个字符。'],
    [/^`([^`]+)` holds a control character\.$/, '$1 含有控制字符。'],
    [/^`day` is `([^`]+)`; write `([^`]+)`\.$/, '日期 $1 无法识别，请写成 $2。'],
    [/^`month` is `([^`]+)`; write `([^`]+)`\.$/, '月份 $1 无法识别，请写成 $2。'],
    [/^`([^`]+)` is `([^`]+)`; write `([^`]+)`\.$/, '$1 的值 $2 无法识别，请写成 $3。'],
    [/^`([^`]+)` is `([^`]*)`; it is one of (.+)\.$/, '$1 的值 $2 不可用，可用：$3。'],
    [/^`day` (\S+) was reported live; a file of the past cannot add to it\.$/, '$1 已有实时数据，历史文件不能补充。'],
    [/^This ticket was told before, with other times or another visit, and stays as it was told first\.$/, '该票此前以其他时间或就诊号报过，以先报的为准。'],
    [/^A ticket of this queue and day has the same times under another number\.$/, '同队列同日已有时间完全相同的另一张票。'],
    [/^`organization` is not your own\.$/, '不是贵机构的数据。'],
    [/^`organization` is not registered\.$/, '该机构未登记。'],
    [/^`kind` is none of hospital, pharmacy, bureau\.$/, '类别只能是 hospital、pharmacy 或 bureau。'],
    [/^`profession` is none of physician, pharmacist, other\.$/, '职业只能是 physician、pharmacist 或 other。'],
    [/^A hospital's number begins with H, a pharmacy's with P\.$/, '医疗机构编号以 H 开头，药房编号以 P 开头。'],
    [/^`([^`]+)` is no registered hospital, or what belongs to it is no pharmacy\.$/, '$1 不是已登记的医院，或其下属不是药房。'],
    [/^`([^`]+)` is no registered organization\.$/, '$1 不是已登记的机构。'],
    [/^`([^`]+)` is registered with another role or organization\.$/, '$1 已以其他角色或机构登记。'],
    [/^`([^`]+)` is no degree on the globe\.$/, '$1 不是有效的经纬度。'],
    [/^`([^`]+)` is neither true nor false\.$/, '$1 只能是 true 或 false。'],
    [/^`([^`]+)` is no number of a designated institution:.*$/, '$1 不是定点机构编号：H 或 P 加 11 位数字。'],
    [/^`([^`]+)` is no staff number:.*$/, '$1 不是医保工号：医师为 D 加 12 位数字，其他人员为一至两个大写字母加 10 至 18 位数字。'],
    [/^`([^`]+)` is no unified social credit code:.*$/, '$1 不是统一社会信用代码（GB 32100）。'],
    [/^The check character of `([^`]+)` should be `([^`]+)` \(GB 32100\)\.$/, '$1 的校验位应为 $2（GB 32100）。'],
    [/^The organization code inside `([^`]+)` should end in `([^`]+)` \(GB 11714\)\.$/, '$1 中的组织机构代码应以 $2 结尾（GB 11714）。'],
    [/^`([^`]+)` is no opening time such as `([^`]+)`\.$/, '$1 不是营业时间，请写成 $2。'],
    [/^`([^`]+)` is no day; the days are (.+)\.$/, '$1 不是星期，可用：$2。'],
    [/^`([^`]+)` is no time of a day such as `([^`]+)`\.$/, '$1 不是一天中的时间，请写成 $2。'],
    [/^The row has (\d+) fields, the header (\d+)\.$/, '该行有 $1 列，表头有 $2 列。'],
    [/^`([^`]+)` begins as a formula of a spreadsheet does\.$/, '$1 的开头像表格公式。'],
    [/^The client `([^`]+)` is registered already\.$/, '客户端 $1 已登记。'],
    [/^Choose another id, or change that one with PATCH\.$/, '请换一个编号。'],
    [/^The login `([^`]+)` is taken\.$/, '登录名 $1 已被使用。'],
    [/^Choose another\.$/, '请换一个。'],
    [/^A job of the kind `([^`]+)` is under way\.$/, '同类任务 $1 正在进行。'],
    [/^The field `([^`]+)` is missing\.$/, '缺少 $1。'],
    [/^Send it\.$/, '请填写。'],
    [/^The first line does not name the columns of this kind\.$/, '首行不是这类文件的表头。'],
    [/^It is: `([^`]+)`\.$/, '应为：$1。'],
    [/^The file has no header, or more than (\d+) rows\.$/, '文件没有表头，或超过 $1 行。']
  ];
  const sentence = text => {
    const known = KNOWN.find(one => one[0].test(text));
    return known
      ? text.replace(known[0], known[1])
      : [...text.matchAll(/`([^`]{1,80})`/g)].map(one => '「' + one[1] + '」').join('');
  };
  window.detailOf = text => document.documentElement.lang === 'en' || !text
    ? text || ''
    : text.split(/(?<=\.)\s+(?=[A-Z`])/).map(sentence).join('');
})();
