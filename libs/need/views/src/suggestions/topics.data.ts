import type { Texts } from '@qiyue/civic-domain';

/** What needs are about, with the words by which they say so. */
export interface Topic {
  readonly name: Texts;
  /** As they stand in a text after NFKC. Of two that begin at the same place the longer one counts. */
  readonly words: readonly string[];
}

const topic = (zh: string, en: string, words: string): Topic => ({ name: { 'zh-CN': zh, en }, words: words.split(' ') });

/** Plain data: a county that calls things otherwise adds its words here, and the figures of the labelled set say what came of it. */
export const TOPICS: Readonly<Record<string, Topic>> = {
  lighting: topic('照明', 'lighting', '路灯 道路灯 照明 灯 太黑 摸黑 漆黑 夜里看不清'),
  'bike-shed': topic('车棚', 'bicycle sheds', '车棚 雨棚 棚子 遮雨 非机动车'),
  bins: topic('垃圾桶', 'rubbish bins', '垃圾桶 垃圾箱 桶少'),
  'waste-removal': topic('垃圾清运', 'removal of waste', '清运 建筑垃圾 装修垃圾'),
  roof: topic('屋顶防水', 'roofs', '楼顶 屋顶 屋面 顶层 顶楼 防水 女儿墙 天花板 漏雨 漏水 渗水 渗漏'),
  'water-supply': topic('供水', 'water supply', '自来水 水管 供水 水表 水管漏水'),
  'water-pressure': topic('水压', 'water pressure', '水压 停水 没水'),
  sewer: topic('排水排污', 'sewers', '下水道 下水 污水 化粪池 粪水 臭水 排水 疏通 堵塞'),
  manhole: topic('井盖', 'manhole covers', '井盖 窨井 没盖子 下水道井盖'),
  lift: topic('电梯', 'lifts', '电梯 困人'),
  exercise: topic('健身设施', 'exercise equipment', '健身 锻炼 运动器械 器械 漫步机 扭腰器 单杠 体育'),
  railing: topic('栏杆扶手', 'railings', '栏杆 扶手'),
  'wall-paint': topic('墙面粉刷', 'painting of walls', '墙壁 粉刷 刷白 涂料 小广告 牛皮癣'),
  'outer-wall': topic('外墙', 'outer walls', '外墙 墙面 瓷砖 面砖 剥落 墙皮'),
  'door-plate': topic('门牌', 'door plates', '门牌 门牌号'),
  sign: topic('标识牌', 'signs', '标识 标识牌 楼号牌 几号楼'),
  'notice-board': topic('宣传栏', 'notice boards', '宣传栏 公告栏 公示栏 公益广告 广告版面'),
  road: topic('道路', 'roads', '路面 硬化 土路 水泥路 铺水泥 泥泞 沥青 坑洼 塌陷 大坑 道路'),
  parcels: topic('快递收取', 'parcels', '快递 快递架 快递柜 包裹 取件'),
  watering: topic('绿化养护', 'care of greenery', '浇水 浇灌 绿植 花草 旱死 枯死 绿化'),
  trees: topic('树木修剪', 'trees', '修剪 树枝 枝杈 大树 挡光'),
  fire: topic('消防器材', 'fire equipment', '消防 消防器材 灭火器 灭火瓶 消火栓'),
  'fire-lane': topic('消防通道', 'fire lanes', '消防通道 消防车'),
  charging: topic('充电', 'charging', '充电 充电桩 飞线 电瓶车没处充电'),
  power: topic('供电', 'power supply', '停电 跳闸 变压器 线路老化 没电 供电'),
  clinic: topic('义诊', 'medical advice', '义诊 医生 血压 血糖 体检 给老人做检查'),
  law: topic('普法', 'law', '法律 普法 物业纠纷'),
  fraud: topic('防诈骗', 'fraud', '诈骗 防诈骗 反诈 被骗 冒充'),
  bench: topic('座椅', 'benches', '座椅 长椅 长凳 休闲椅 凳子 地方坐'),
  pests: topic('消杀', 'pests', '消杀 蚊 蚊蝇 苍蝇'),
  parking: topic('停车位', 'parking', '停车位 车位 车乱停 停得乱'),
  traffic: topic('交通安全', 'traffic', '减速带 过马路'),
  heating: topic('供暖', 'heating', '暖气 供暖 供热 室温'),
  access: topic('无障碍', 'access without barriers', '无障碍 坡道 轮椅'),
};

/** What is wanted of the thing: a new one, or the old one put right. A text that says both says neither. */
export const WORKS: Readonly<Record<'new' | 'repair', readonly string[]>> = {
  new: '安装 加装 增设 新建 新装 添置 添些 购置 补充 制作 建电 搭个 缺少 没有 想要一个 放几'.split(' '),
  repair: '维修 检修 修补 损坏 坏了 不亮 老化 破旧 破损 破裂 更换 重做 漏水 渗漏 渗水 停运 爆裂 生锈 锈得 掉漆 脱落 粉刷 刷漆 失效 过期'.split(' '),
};

/** Words that say nothing of the thing itself. */
export const EMPTY_WORDS: readonly string[] = [
  ...'小区 社区 居民 住户 业主 希望 请求 要求 申请 反映 我们 大家 院里 院子 家属院 门口 安装 加装 增设 添置 更换 维修 检修 购置 制作'.split(' '),
  ...'能不能 可以 经常 没有 不了 几个 一个 两个 老人 孩子 危险 安全 问题 需要 解决 现在 已经 晚上 白天 每天'.split(' '),
];
