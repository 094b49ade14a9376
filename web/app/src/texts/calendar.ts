// texts/calendar.ts - words of the calendar subscription
import { addTexts } from "../texts";
addTexts({
  calendar_feed: ["日历订阅", "Calendar subscription"],
  calendar_words: ["把公示期限订阅到手机或电脑的日历里：哪天有几件到期，不含对象名称。地址即凭证，不要转发；怀疑泄露就换新地址，旧地址立即失效。", "Subscribe to the deadlines in the calendar of your phone or computer: how many fall due on which day, never about whom. Whoever has the address can read it: do not pass it on; a new address ends the old one at once."],
  calendar_on: ["已启用，自 {x}", "On since {x}"], calendar_off: ["未启用", "Off"], calendar_make: ["生成地址", "Make an address"], calendar_renew: ["换新地址", "New address"], calendar_end: ["停用", "End it"],
  calendar_once: ["只显示这一次；在日历程序里选“通过网址订阅”，粘贴这个地址。", "Shown once: in the calendar program choose “subscribe by URL” and paste it."], calendar_address: ["订阅地址", "Address"], calendar_copy: ["复制", "Copy"], calendar_copied: ["已复制", "Copied"], calendar_ended: ["已停用", "Ended"],
});
