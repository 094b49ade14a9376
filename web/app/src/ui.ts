// ui.ts - what we use of Element Plus, by component path (the stock resolver puts the whole kit in one chunk)
export { ElButton } from "element-plus/es/components/button/index.mjs";
export { ElDialog } from "element-plus/es/components/dialog/index.mjs";
export { ElInput } from "element-plus/es/components/input/index.mjs";
export { ElMessage } from "element-plus/es/components/message/index.mjs";
