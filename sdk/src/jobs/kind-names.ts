export { kindNames, kindOfName, titleOfKind } from '@aistore-ts/core/wire/xaction-kinds.ts'
